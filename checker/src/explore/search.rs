//! The search: runs schedules until one fails or a limit is reached.

use super::layout::{CHANGES, Kind, MOST_CHOICES};
use super::order::{Order, Random};
use super::session::{Ending, ExploreError, Outcome, Program, Session, Step};
use super::waiting::Waiting;
use crate::at_once::at_once;
use crate::seed::Seed;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::thread;
use std::time::{Duration, Instant};

/// The number of schedules in a batch. The result does not depend on how many run at once.
const BATCH: usize = 64;

/// The search ends after this number of schedules in which a task waited outside the scheduler.
const MOST_OUTSIDE: usize = 20;

/// The limits of a search.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// The largest number of preemptions, where a task that could continue has to wait.
    pub preemptions: usize,
    /// The largest number of schedules with up to so many preemptions.
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
        let mut waiting = Waiting::new(plan.preemptions, plan.schedules);
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
