//! The order in which schedules are tried, and the condition that ends the search.

use super::layout::{CHANGES, Kind, MOST_CHOICES};
use super::order::{Order, Random};
use super::session::{Ending, ExploreError, Outcome, Program, Session, Step};
use crate::at_once::at_once;
use crate::seed::Seed;
use std::cell::LazyCell;
use std::collections::{HashMap, HashSet, VecDeque};
use std::rc::Rc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::thread;
use std::time::{Duration, Instant};

/// The number of schedules in a batch. The result does not depend on how many run at once.
const BATCH: usize = 64;

/// The search ends after this number of schedules in which a task waited outside the scheduler.
const MOST_OUTSIDE: usize = 20;

/// The limit of schedules that wait to be tried.
const MOST_KEPT: usize = 1 << 20;

/// The limits of a search.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// The largest number of preemptions, where a task that could continue has to wait.
    pub preemptions: usize,
    /// The largest number of such schedules.
    pub schedules: usize,
    /// The number of random schedules after them.
    pub random: usize,
    /// The seed of the random schedules.
    pub seed: u64,
    /// No schedule begins after this time.
    pub time: Duration,
}

/// The result of a search.
#[derive(Debug)]
pub(crate) struct Found {
    /// The failing schedule, if there is one.
    pub(crate) failure: Option<Failure>,
    /// The result of the first schedule.
    pub(crate) first: Outcome,
    pub(crate) covered: Coverage,
}

/// A schedule in which the program fails.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) order: Order,
    pub(crate) outcome: Outcome,
    /// Number of preemptions.
    pub(crate) preemptions: usize,
}

impl Failure {
    fn new(order: Order, outcome: Outcome) -> Self {
        let preemptions = outcome.steps.iter().filter(|step| is_preempted(step));
        Self {
            preemptions: preemptions.count(),
            order,
            outcome,
        }
    }
}

/// The schedules that were tried.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Coverage {
    /// Number of schedules.
    pub(crate) schedules: usize,
    /// Number of random ones among them.
    pub(crate) random: usize,
    /// All schedules with up to this number of preemptions were tried. `None` if not even those
    /// without a preemption were.
    pub(crate) preemptions: Option<usize>,
    /// Number of schedules in which a task waited in a call that the scheduler does not know.
    pub(crate) outside: usize,
    /// The time was over before the search had ended.
    pub(crate) is_cut_short: bool,
    /// Number of schedules in which the program used a lock.
    pub(crate) with_lock: usize,
    /// The largest number of points in a schedule at which another task could have continued.
    pub(crate) points: usize,
}

/// Judges an outcome. The first argument is the outcome of the first schedule.
pub(crate) type IsRight<'a> = &'a (dyn Fn(&Outcome, &Outcome) -> bool + Sync);

/// Whether the program ended well and printed the same as in the first schedule.
pub(crate) fn is_like_first(first: &Outcome, outcome: &Outcome) -> bool {
    outcome.ending == Ending::Ended(0) && without_times(outcome) == without_times(first)
}

/// The output without the line `Time spent: ...`.
fn without_times(outcome: &Outcome) -> Vec<&[u8]> {
    let lines = outcome.stdout.split(|byte| *byte == b'\n');
    lines
        .filter(|line| !line.starts_with(b"Time spent:"))
        .collect()
}

/// Runs of one program.
pub(crate) struct Runner<'a> {
    program: &'a Program,
    idle: Mutex<Vec<Session>>,
    /// Number of sessions.
    started: AtomicU32,
    jobs: usize,
}

impl<'a> Runner<'a> {
    pub(crate) fn new(program: &'a Program) -> Self {
        // A run spends half of its time waiting for the tracer.
        let jobs = 2 * thread::available_parallelism().map_or(1, usize::from);
        let idle = Mutex::default();
        Self {
            program,
            idle,
            started: AtomicU32::new(0),
            jobs,
        }
    }

    /// Runs one schedule.
    pub(crate) fn run(&self, schedule: &Order) -> Result<Outcome, ExploreError> {
        let idle = self.idle.lock().ok().and_then(|mut idle| idle.pop());
        let mut session = match idle.filter(Session::is_fresh) {
            Some(session) => session,
            None => Session::start(self.program, self.started.fetch_add(1, Relaxed))?,
        };
        let outcome = session.run(schedule)?;
        if let Ok(mut idle) = self.idle.lock() {
            idle.push(session);
        }
        Ok(outcome)
    }

    /// Runs the first schedule and another one.
    pub(crate) fn replay(&self, order: &Order) -> Result<Found, ExploreError> {
        let first = self.run(&Order::default())?;
        let outcome = self.run(order)?;
        Ok(Found {
            failure: Some(Failure::new(order.clone(), outcome)),
            first,
            covered: Coverage::default(),
        })
    }

    fn run_all(&self, schedules: &[Order]) -> Result<Vec<Outcome>, ExploreError> {
        let all = at_once(self.jobs, schedules, |schedule| self.run(schedule));
        all.into_iter().collect()
    }

    /// Tries schedules until one fails. `progress` gets what was tried so far.
    pub(crate) fn search(
        &self,
        plan: &Plan,
        is_right: IsRight<'_>,
        progress: impl Fn(Coverage, usize),
    ) -> Result<Found, ExploreError> {
        // No limit means a year.
        let year = Duration::from_secs(365 * 24 * 60 * 60);
        let end = Instant::now() + plan.time.min(year);
        let first = self.run(&Order::default())?;
        let mut covered = Coverage {
            schedules: 1,
            ..Coverage::default()
        };
        let mut waiting = Waiting::new(plan.preemptions);
        waiting.add_all(&Order::default(), 0, 0, &first, &mut covered);
        let mut failed = (!is_right(&first, &first)).then(|| (Order::default(), first.clone()));
        while failed.is_none()
            && covered.schedules < plan.schedules
            && covered.outside < MOST_OUTSIDE
            && !is_over(end, &mut covered)
        {
            let batch = waiting.take(BATCH.min(plan.schedules - covered.schedules));
            if batch.is_empty() {
                break;
            }
            let schedules: Vec<_> = batch
                .iter()
                .map(|(schedule, ..)| schedule.clone())
                .collect();
            let outcomes = self.run_all(&schedules)?;
            for ((schedule, preemptions, class), outcome) in batch.into_iter().zip(outcomes) {
                covered.schedules += 1;
                covered.outside += usize::from(outcome.was_outside);
                covered.with_lock += usize::from(outcome.has_lock());
                if !is_right(&first, &outcome) {
                    failed = Some((schedule, outcome));
                    break;
                }
                waiting.add_all(&schedule, preemptions, class, &outcome, &mut covered);
            }
            covered.preemptions = waiting.covered();
            progress(covered, waiting.len());
        }
        covered.preemptions = waiting.covered();
        if failed.is_none() {
            failed = self.search_at_random(plan, end, is_right, &first, &mut covered, &progress)?;
        }
        let failure = match failed {
            Some((schedule, outcome)) => Some(self.shorten(schedule, outcome, &first, is_right)?),
            None => None,
        };
        Ok(Found {
            failure,
            first,
            covered,
        })
    }

    fn search_at_random(
        &self,
        plan: &Plan,
        end: Instant,
        is_right: IsRight<'_>,
        first: &Outcome,
        covered: &mut Coverage,
        progress: &impl Fn(Coverage, usize),
    ) -> Result<Option<(Order, Outcome)>, ExploreError> {
        let mut numbers = Seed::new(plan.seed);
        let length = first.taken.max(1) as u64;
        let mut random = || Random {
            seed: numbers.next() | 1,
            changes: [(); CHANGES].map(|()| u32::try_from(numbers.next() % length).unwrap_or(0)),
        };
        while covered.random < plan.random
            && covered.outside < MOST_OUTSIDE
            && !is_over(end, covered)
        {
            let count = BATCH.min(plan.random - covered.random);
            let random = (0..count).map(|_| Order {
                random: Some(random()),
                ..Order::default()
            });
            for outcome in self.run_all(&random.collect::<Vec<_>>())? {
                covered.schedules += 1;
                covered.random += 1;
                if !is_right(first, &outcome) {
                    return Ok(Some((choices_of(&outcome), outcome)));
                }
            }
            progress(*covered, plan.random - covered.random);
        }
        Ok(None)
    }

    /// Removes the choices that are not needed for the failure.
    fn shorten(
        &self,
        mut schedule: Order,
        mut outcome: Outcome,
        first: &Outcome,
        is_right: IsRight<'_>,
    ) -> Result<Failure, ExploreError> {
        let mut place = schedule.choices.len();
        while let Some(earlier) = place.checked_sub(1) {
            place = earlier;
            let mut shorter = schedule.clone();
            shorter.choices.remove(place);
            let without = self.run(&shorter)?;
            if !is_right(first, &without) && is_alike(&without, &outcome) {
                (schedule, outcome) = (shorter, without);
            }
        }
        Ok(Failure::new(schedule, outcome))
    }
}

fn is_over(end: Instant, covered: &mut Coverage) -> bool {
    covered.is_cut_short = Instant::now() >= end;
    covered.is_cut_short
}

/// Whether two failures are of the same kind.
fn is_alike(a: &Outcome, b: &Outcome) -> bool {
    a.ending == b.ending
}

/// The choices of a random schedule.
fn choices_of(outcome: &Outcome) -> Order {
    let steps = (0..).zip(&outcome.steps);
    let choices = steps.filter(|(_, step)| step.chosen != step.default);
    let choices =
        choices.filter_map(|(number, step)| Some((number, u8::try_from(step.chosen).ok()?)));
    Order {
        choices: choices.take(MOST_CHOICES).collect(),
        random: None,
    }
}

/// Whether a task that could continue had to wait.
pub(crate) fn is_preempted(step: &Step) -> bool {
    step.chosen != step.task && step.enabled & 1 << step.task != 0 && step.kind != Kind::Yield
}

/// After this number of rounds in which a task repeats the same load, and no other task runs,
/// later rounds are the same point.
const MOST_ROUNDS: u32 = 30;

/// Counts rounds in which a task repeats the same load.
#[derive(Default)]
struct Rounds {
    task: usize,
    load: Option<(u64, u64, u64)>,
    count: u32,
}

impl Rounds {
    /// Whether the task has done the same before this step.
    fn repeats(&mut self, step: &Step) -> bool {
        let load = Some((step.pc, step.address, step.value));
        match step.kind {
            Kind::Edge if step.task == self.task => {}
            Kind::Load if step.task == self.task && self.load == load => self.count += 1,
            _ => {
                *self = Self {
                    task: step.task,
                    load: load.filter(|_| step.kind == Kind::Load),
                    count: 0,
                };
            }
        }
        self.count > MOST_ROUNDS
    }
}

/// The steps in which a task is at a place in the program for the first time or the last one.
/// The place of a call of libc is not known, only its object.
fn first_and_last_times(steps: &[Step]) -> HashSet<usize> {
    let place = |step: &Step| match step.pc {
        0 => (step.task, step.kind, step.address),
        pc => (step.task, step.kind, pc),
    };
    let places = || steps.iter().map(place).enumerate();
    let numbers = |(number, place)| (place, number);
    let first: HashMap<_, _> = places().rev().map(numbers).collect();
    let last: HashMap<_, _> = places().map(numbers).collect();
    first.into_values().chain(last.into_values()).collect()
}

/// The loads and stores that another task conflicts with later: it uses the same address, and one
/// of the two is a store.
fn later_conflicts(steps: &[Step]) -> HashSet<usize> {
    // For each address: the tasks that load it later, and those that store to it.
    let mut later: HashMap<u64, [u64; 2]> = HashMap::new();
    let mut conflicts = HashSet::new();
    for (number, step) in steps.iter().enumerate().rev() {
        let is_store = match step.kind {
            Kind::Load => false,
            Kind::Store => true,
            _ => continue,
        };
        let [loads, stores] = later.entry(step.address).or_default();
        let others = if is_store { *loads | *stores } else { *stores };
        if others & !(1 << step.task) != 0 {
            conflicts.insert(number);
        }
        *(if is_store { stores } else { loads }) |= 1 << step.task;
    }
    conflicts
}

/// Schedules that wait to be tried: those with few preemptions first, and of them those that
/// preempt at loads and stores.
struct Waiting {
    /// Four queues for each number of preemptions, from promising places to others:
    ///
    /// 0. calls, and the loads and stores that another task conflicts with later;
    /// 1. basic blocks, and other loads and stores of shared addresses;
    /// 2. all other loads and stores.
    ///
    /// A read-modify-write is no step, and may come before any of these. If a task passes a
    /// place often, all times but the first and the last one belong to the next queue. A
    /// schedule is in the queue of its worst place.
    queues: Vec<[Queue; 4]>,
    is_cut: bool,
}

#[derive(Default)]
struct Queue {
    /// Each is the schedule that it differs from, and one more choice.
    waiting: VecDeque<(Rc<Order>, (u32, u8))>,
    /// The number of schedules that were taken out of it.
    taken: usize,
}

impl Waiting {
    fn new(preemptions: usize) -> Self {
        let queues = (0..=preemptions).map(|_| Default::default()).collect();
        Self {
            queues,
            is_cut: false,
        }
    }

    fn len(&self) -> usize {
        let queues = self.queues.iter().flatten();
        queues.map(|queue| queue.waiting.len()).sum()
    }

    /// The next schedules, all with the same number of preemptions.
    fn take(&mut self, most: usize) -> Vec<(Order, usize, usize)> {
        let all = self.queues.iter_mut().enumerate();
        let all = all.flat_map(|(preemptions, queues)| {
            let classes = queues.iter_mut().enumerate();
            classes.map(move |(class, queue)| (preemptions, class, queue))
        });
        // Two preemptions at loads and stores take turns with one at a basic block.
        let next = all
            .filter(|(.., queue)| !queue.waiting.is_empty())
            .min_by_key(|(preemptions, class, queue)| (preemptions + class, queue.taken, *class));
        if let Some((preemptions, class, queue)) = next {
            let count = most.min(queue.waiting.len());
            queue.taken += count;
            let taken = queue.waiting.drain(..count);
            let order = |(schedule, choice): (Rc<Order>, _)| {
                let mut order = Order::clone(&schedule);
                order.choices.push(choice);
                (order, preemptions, class)
            };
            return taken.map(order).collect();
        }
        Vec::new()
    }

    /// The number of preemptions that are covered.
    fn covered(&self) -> Option<usize> {
        let begun = self
            .queues
            .iter()
            .position(|queues| queues.iter().any(|queue| !queue.waiting.is_empty()));
        match begun.unwrap_or(self.queues.len()) {
            _ if self.is_cut => None,
            begun => begun.checked_sub(1),
        }
    }

    /// Adds the schedules that differ from this one in one more choice, after its last.
    fn add_all(
        &mut self,
        schedule: &Order,
        preemptions: usize,
        class: usize,
        outcome: &Outcome,
        covered: &mut Coverage,
    ) {
        let after = schedule.choices.last().map_or(0, |(step, _)| step + 1);
        let mut points = 0;
        let shared = LazyCell::new(|| outcome.shared_addresses());
        let ends = LazyCell::new(|| first_and_last_times(&outcome.steps));
        let conflicts = LazyCell::new(|| later_conflicts(&outcome.steps));
        let schedule = Rc::new(schedule.clone());
        let mut rounds = Rounds::default();
        for (number, step) in (0..).zip(&outcome.steps) {
            let mut others = step.enabled & !(1 << step.chosen);
            if rounds.repeats(step) || others == 0 {
                continue;
            }
            points += 1;
            let is_free = step.enabled & 1 << step.task == 0;
            let cost = preemptions + usize::from(!is_free);
            let Some(queues) = self.queues.get_mut(cost) else {
                continue;
            };
            if number < after || schedule.choices.len() == MOST_CHOICES {
                continue;
            }
            let place = number as usize;
            let own_class = match step.kind {
                Kind::Load | Kind::Store if !shared.contains(&step.address) => 2,
                Kind::Load | Kind::Store if !conflicts.contains(&place) => 1,
                Kind::Edge => 1,
                _ => 0,
            } + usize::from(!ends.contains(&place));
            let queue = &mut queues[class.max(own_class)].waiting;
            while others != 0 {
                let task = u8::try_from(others.trailing_zeros()).unwrap_or(0);
                others &= !(1 << task);
                queue.push_back((Rc::clone(&schedule), (number, task)));
            }
        }
        covered.points = covered.points.max(points);
        if self.len() > MOST_KEPT {
            self.is_cut = true;
            self.queues
                .iter_mut()
                .flatten()
                .for_each(|queue| queue.waiting.truncate(MOST_KEPT / 16));
        }
    }
}
