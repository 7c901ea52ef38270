//! The search: runs schedules until one fails or a limit is reached.

use super::layout::{CHANGES, Choice, MOST_CHOICES, Random, Step};
use super::order::Order;
use super::session::{Ending, Outcome, Session};
use super::waiting::{Key, Waiting};
use super::{Explored, Explorer};
use crate::at_once::at_once;
use crate::seed::Seed;
use anyhow::{Context, Result};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::{Duration, Instant};
use std::{iter, thread};

/// The number of schedules in a batch. The result does not depend on how many run at once.
const BATCH: usize = 64;

/// The limit of schedules that are not random, because those that wait to be tried need memory.
const MOST_SCHEDULES: usize = 1 << 18;

/// The search ends after this number of schedules in which a task waited outside the scheduler.
const MOST_OUTSIDE: usize = 20;

/// A program that does not fail again in so many repetitions is right in this schedule.
const REPETITIONS: usize = 3;

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
    /// No schedule begins after this time, apart from repetitions of a failing one.
    pub time: Duration,
}

/// A schedule in which the program fails.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) order: Order,
    pub(crate) outcome: Outcome,
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
}

/// Judges an outcome. The first argument is the outcome of the first schedule.
pub(crate) type IsRight<'a> = &'a (dyn Fn(&Outcome, &Outcome) -> bool + Sync);

/// Whether the program ended well and printed the same as in the first schedule.
pub(crate) fn is_like_first(first: &Outcome, outcome: &Outcome) -> bool {
    outcome.ending == Ending::Ended(0) && without_times(outcome).eq(without_times(first))
}

/// The output without the line `Time spent: ...`.
fn without_times(outcome: &Outcome) -> impl Iterator<Item = &[u8]> {
    let lines = outcome.stdout.split(|byte| *byte == b'\n');
    lines.filter(|line| !line.starts_with(b"Time spent:"))
}

impl Explorer {
    /// Runs the first schedule and another one.
    ///
    /// # Errors
    ///
    /// The program cannot be run and controlled.
    pub fn replay(&self, order: &Order) -> Result<Explored> {
        let runner = Runner::new(self);
        let first = runner.run(&Order::default())?;
        let outcome = runner.run(order)?;
        let order = order.clone();
        Ok(Explored {
            explorer: self.clone(),
            failure: Some(Failure { order, outcome }),
            first,
            covered: Coverage::default(),
        })
    }

    /// Tries schedules until one fails. `progress` gets a line about the schedules so far.
    pub(crate) fn search(
        &self,
        plan: &Plan,
        is_right: IsRight<'_>,
        progress: impl Fn(&str),
    ) -> Result<Explored> {
        let start = Instant::now();
        // A run spends half of its time waiting for the tracer.
        let jobs = 2 * thread::available_parallelism().map_or(1, usize::from);
        let runner = Runner::new(self);
        let first = runner.run(&Order::default())?;
        let most = plan.schedules.min(MOST_SCHEDULES);
        let mut waiting = Waiting::new(plan.preemptions, most);
        waiting.add_all(&Order::default(), Key::default(), &first);
        let mut covered = Coverage {
            schedules: 1,
            ..Coverage::default()
        };
        let mut random = random_orders(plan.seed, first.taken);
        // The first schedule runs alone.
        let mut failed = (!is_right(&first, &first)).then(|| first.clone());
        while failed.is_none() && covered.outside < MOST_OUTSIDE {
            let left = most.saturating_sub(covered.schedules - covered.random);
            let (key, mut batch) = waiting.take(BATCH.min(left));
            let is_random = batch.is_empty();
            if is_random {
                let left = plan.random - covered.random;
                batch.extend(random.by_ref().take(BATCH.min(left)));
            }
            covered.is_cut_short = !batch.is_empty() && start.elapsed() >= plan.time;
            if batch.is_empty() || covered.is_cut_short {
                break;
            }
            let outcomes = at_once(jobs, &batch, |_, order| runner.run(order));
            for (order, outcome) in batch.iter().zip(outcomes) {
                let outcome = outcome?;
                covered.schedules += 1;
                covered.random += usize::from(is_random);
                covered.outside += usize::from(!is_random && outcome.was_outside);
                let is_wrong = |outcome: &Outcome| !is_right(&first, outcome);
                if is_wrong(&outcome) && runner.fails_again(&outcome, is_wrong)? {
                    failed = Some(outcome);
                    break;
                }
                if !is_random {
                    waiting.add_all(order, key, &outcome);
                }
            }
            let tried = format!("{} schedules tried", covered.schedules);
            let left = plan.time.saturating_sub(start.elapsed()).as_secs();
            progress(&format!("{tried}, {left} s left at most ..."));
        }
        covered.preemptions = waiting.covered();
        let failure = failed.map(|outcome| runner.shorten(outcome, &first, is_right));
        Ok(Explored {
            explorer: self.clone(),
            failure: failure.transpose()?,
            first,
            covered,
        })
    }
}

/// Runs of one program.
struct Runner<'a> {
    program: &'a Explorer,
    idle: Mutex<Vec<Session>>,
    /// Number of sessions.
    started: AtomicU32,
}

impl<'a> Runner<'a> {
    fn new(program: &'a Explorer) -> Self {
        Self {
            program,
            idle: Mutex::default(),
            started: AtomicU32::new(0),
        }
    }

    /// Runs one schedule.
    fn run(&self, schedule: &Order) -> Result<Outcome> {
        let idle = self.idle.lock().ok().and_then(|mut idle| idle.pop());
        let mut session = match idle.filter(Session::is_fresh) {
            Some(session) => session,
            None => Session::start(self.program, self.started.fetch_add(1, Relaxed))
                .context("cannot share memory with the program")?,
        };
        let outcome = session.run(schedule)?;
        if let Ok(mut idle) = self.idle.lock() {
            idle.push(session);
        }
        Ok(outcome)
    }

    /// Whether the program also fails in a repetition. While other runs went on, it may have failed
    /// because of them: they use the same files of the system.
    fn fails_again(&self, outcome: &Outcome, is_wrong: impl Fn(&Outcome) -> bool) -> Result<bool> {
        let order = order_of(outcome);
        if order.choices.len() == MOST_CHOICES {
            // It may have more choices. So it cannot be repeated.
            return Ok(true);
        }
        for _ in 0..REPETITIONS {
            if is_wrong(&self.run(&order)?) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The choices that were made in a run, without those that are not needed for the failure.
    fn shorten(&self, outcome: Outcome, first: &Outcome, is_right: IsRight<'_>) -> Result<Failure> {
        let order = order_of(&outcome);
        let mut failure = Failure { order, outcome };
        for place in (0..failure.order.choices.len()).rev() {
            let mut order = failure.order.clone();
            order.choices.remove(place);
            let outcome = self.run(&order)?;
            if !is_right(first, &outcome) && outcome.ending == failure.outcome.ending {
                failure = Failure { order, outcome };
            }
        }
        Ok(failure)
    }
}

/// The first choices that were made in a run.
fn order_of(outcome: &Outcome) -> Order {
    let steps = (0..).zip(&outcome.steps);
    let choices = steps.filter(|(_, at)| at.chosen != at.default);
    let choices = choices.map(|(step, &Step { chosen: task, .. })| Choice { step, task });
    Order {
        choices: choices.take(MOST_CHOICES).collect(),
        ..Order::default()
    }
}

/// The random schedules of a seed, for a program that takes this number of steps.
fn random_orders(seed: u64, steps: usize) -> impl Iterator<Item = Order> {
    let mut numbers = Seed::new(seed);
    let steps = steps.max(1) as u64;
    iter::repeat_with(move || Order {
        random: Random {
            seed: numbers.next() | 1,
            changes: [(); CHANGES].map(|()| u32::try_from(numbers.next() % steps).unwrap_or(0)),
        },
        ..Order::default()
    })
}
