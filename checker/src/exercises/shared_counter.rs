//! shared-counter: is there a schedule in which an update is lost?

use crate::explore::{Ending, Explored, Outcome, Plan};
use crate::judge::births::{starts, workers_overlap};
use crate::judge::ending::{ended_well, succeeded};
use crate::judge::plan::{Claim, Finding, Judge, Problem, Program, Seen};
use crate::judge::report::Verdict;
use crate::judge::text::{first_line, numbers, stdout};
use anyhow::Error;
use engine::{End, Event, Kind, Limits, Schedule};
use std::ops::RangeInclusive;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

/// Each schedule takes about half a millisecond. The known mistakes fail within these numbers.
const PLAN: Plan = Plan {
    preemptions: 2,
    schedules: 300,
    random: 50,
    seed: 1,
    // No verdict depends on this time.
    time: Duration::MAX,
};
const PLAN_OF_ONCE: Plan = Plan {
    schedules: 450,
    ..PLAN
};
const PLAN_OF_MORE: Plan = Plan {
    schedules: 100,
    random: 10,
    ..PLAN
};

/// The arguments of the explored runs, their plans, and the right results.
const EXPLORED: [(&[&str], Plan, i64); 5] = [
    (&["2", "--increments", "2"], PLAN, 4),
    // No task wakes a worker that falls asleep after the last release of a lock.
    (&["2", "--increments", "1"], PLAN, 2),
    // A lock may work for two workers, and not for more. And a third worker may come between a
    // failed compare-and-exchange and the next step.
    (&["3", "--increments", "1"], PLAN_OF_ONCE, 3),
    // Every fourth worker may share a slot.
    (&["5", "--increments", "1"], PLAN_OF_MORE, 5),
    // A worker may do something special in its last batch.
    (&["2", "--increments", "11"], PLAN_OF_MORE, 22),
];

/// The arguments of the large runs, and the right results. A program may work for few workers
/// only, or up to a power of two, such as a counter of 20 bits. A worker may also add its
/// increments in batches.
const MANY: (&[&str], i64) = (&["131", "--increments", "8100"], 1_061_100);
/// A worker may count its own increments with 16 bits.
const LONG: (&[&str], i64) = (&["3", "--increments", "70000"], 210_000);
/// The CPU time for them. Spinning workers may need more, which proves nothing.
const TIME: Duration = Duration::from_secs(3);
/// The additional time on the clock, in which the engine can recognise a deadlock.
const DEADLOCK: Duration = Duration::from_secs(3);

/// One more task may collect the workers' counts.
const WORKERS: RangeInclusive<usize> = 3..=usize::MAX;
const THREE: &[&str] = &["3", "--increments", "10"];

/// The option to count without the lock.
const ATOMIC: &[&str] = &["--atomic"];

const DEADLOCK_MESSAGE: &str = "there is a deadlock: none of its tasks can go on";

/// The beginning of the line with the result.
const COUNTER: &str = "Counter is:";

pub(super) struct Runs {
    /// A run that the system schedules.
    free: Seen,
    /// With the lock, and without.
    lock: Tries,
    atomic: Tries,
    /// Whether in each run and schedule a worker is created only after the others have ended.
    is_sequential: bool,
}

struct Tries {
    /// Runs with many workers and with many increments, which the system schedules.
    large: [Seen; 2],
    /// Many schedules with few workers.
    explored: Vec<Explored>,
}

pub(super) const THREADS: Judge<Runs> = Judge {
    observe,
    checks: &claims("it starts as many threads as it is told to", |runs| {
        starts(&runs.free, Kind::Thread, WORKERS)?;
        run_together(runs)
    }),
};

pub(super) const PROCESSES: Judge<Runs> = Judge {
    observe,
    checks: &claims("it starts as many processes as it is told to", |runs| {
        starts(&runs.free, Kind::Process, WORKERS)?;
        run_together(runs)
    }),
};

const fn claims(starts: &'static str, holds: fn(&Runs) -> Finding) -> [Claim<Runs>; 3] {
    [
        Claim::new(starts, 0, holds),
        Claim::new("no tried schedule loses an update", 8, |runs| {
            counts_right(&runs.lock, false)
        }),
        Claim::new(
            "no tried schedule loses an update with --atomic either",
            7,
            |runs: &Runs| {
                run_together(runs)?;
                counts_right(&runs.atomic, true)
            },
        )
        .alone(),
    ]
}

/// Workers that run one after another lose no update either, even without a lock.
fn run_together(runs: &Runs) -> Finding {
    if !runs.is_sequential {
        return Ok(());
    }
    let message = "its workers run one after another: it waits for each one before it starts the \
                   next";
    Err(Problem::new(Verdict::NoWorker, message).seen_in(&runs.free))
}

fn observe(program: &Program<'_>) -> Result<Runs, Problem> {
    let [free] = program.see([program.run(THREE)])?;
    // If no schedule lets the program end, do not try all of them.
    ended_well(&free).map_err(|problem| match free.observed.end {
        End::Deadlock => in_a_schedule(program, problem),
        _ => problem,
    })?;
    let held = program
        .run(THREE)
        .schedule(Schedule::WorkersLast(Vec::new()));
    let [held] = program.see([held])?;
    let limits = Limits {
        time: TIME + DEADLOCK,
        cpu_time: TIME,
        ..Limits::default()
    };
    let large =
        |(args, _): (&[&str], i64), option: &[&str]| program.run(args).args(option).limits(limits);
    let [many, long, many_atomic, long_atomic] = program.see([
        large(MANY, &[]),
        large(LONG, &[]),
        large(MANY, ATOMIC),
        large(LONG, ATOMIC),
    ])?;
    let explorer = program.explorer()?;
    let overlap = AtomicBool::new(workers_overlap(&free) || workers_overlap(&held));
    let explored = |option: &[&str]| -> Result<Vec<Explored>, Error> {
        let all = EXPLORED.iter().map(|(args, plan, right)| {
            let is_right = |_: &Outcome, outcome: &Outcome| {
                overlap.fetch_or(outcome.workers_overlap(), Relaxed);
                is_right(outcome, *right)
            };
            let explorer = explorer.clone().with_args([args, option].concat());
            explorer.search(plan, &is_right, |_| ())
        });
        all.collect()
    };
    let lock = Tries {
        large: [many, long],
        explored: explored(&[])?,
    };
    let atomic = Tries {
        large: [many_atomic, long_atomic],
        explored: explored(ATOMIC)?,
    };
    let mut all = lock.explored.iter().chain(&atomic.explored);
    let has_failed = all.any(|explored| explored.failing().is_some());
    let executes =
        |(_, task, event): &(Duration, usize, Event)| *task != 0 && *event == Event::Executed;
    if has_failed && free.observed.events.iter().any(executes) {
        let message = "a worker executes another program, whose schedules cannot be explored";
        return Err(Problem::new(Verdict::Environment, message).seen_in(&free));
    }
    Ok(Runs {
        free,
        lock,
        atomic,
        is_sequential: !overlap.into_inner(),
    })
}

/// A deadlock in one of a few schedules, with the steps before it, if there is one.
fn in_a_schedule(program: &Program<'_>, problem: Problem) -> Problem {
    let ends =
        |_: &Outcome, outcome: &Outcome| outcome.ending != Ending::Deadlock || outcome.was_outside;
    let explorer = program
        .explorer()
        .map(|explorer| explorer.with_args(EXPLORED[0].0));
    match explorer.and_then(|explorer| explorer.search(&PLAN_OF_MORE, &ends, |_| ())) {
        Ok(explored) if explored.failing().is_some() => {
            Problem::new(problem.verdict, DEADLOCK_MESSAGE).found_in(&explored, false)
        }
        _ => problem,
    }
}

fn is_right(outcome: &Outcome, right: i64) -> bool {
    match outcome.ending {
        Ending::Deadlock => outcome.was_outside,
        ending => {
            let printed = String::from_utf8_lossy(&outcome.stdout);
            ending == Ending::Ended(0) && counted(&printed) == Some(right)
        }
    }
}

/// The line `Counter is: ...`, or else the output.
fn result_in(stdout: &str) -> &str {
    let line = stdout.lines().find(|line| line.starts_with(COUNTER));
    line.unwrap_or(stdout)
}

/// The first number in the result.
fn counted(stdout: &str) -> Option<i64> {
    numbers(result_in(stdout)).next()
}

fn wrong_number(printed: &str, right: i64) -> String {
    let printed = first_line(result_in(printed));
    format!("it prints \"{printed}\" instead of \"{COUNTER} {right}\"")
}

fn counts_right(tries: &Tries, is_atomic: bool) -> Finding {
    for (explored, (.., right)) in tries.explored.iter().zip(EXPLORED) {
        if let Some(outcome) = explored.failing() {
            return Err(failure(explored, outcome, right, is_atomic));
        }
    }
    for (seen, (_, right)) in tries.large.iter().zip([MANY, LONG]) {
        // A right program may be too slow for the limit, or need more tasks or memory.
        let end = seen.observed.end;
        if matches!(end, End::TimedOut | End::TooManyTasks | End::TooMuchMemory) {
            continue;
        }
        succeeded(seen)?;
        let printed = stdout(seen);
        if counted(&printed) != Some(right) {
            let wrong = wrong_number(&printed, right);
            let message = format!("{wrong}. No mistake was found in the small runs");
            return Err(Problem::new(Verdict::WrongOutput, message).seen_in(seen));
        }
    }
    Ok(())
}

fn failure(explored: &Explored, outcome: &Outcome, right: i64, is_atomic: bool) -> Problem {
    let printed = String::from_utf8_lossy(&outcome.stdout);
    let (late, killed) = (outcome.runs_after_the_result(), outcome.killed_worker());
    let verdict = match outcome.ending {
        Ending::Ended(0) if late.or(killed).is_some() => Verdict::DidNotWait,
        Ending::Ended(0) => Verdict::WrongOutput,
        Ending::Deadlock | Ending::Endless => Verdict::TimedOut,
        _ => Verdict::Crashed,
    };
    let message = match (outcome.ending, late, killed) {
        (Ending::Ended(0), Some(late), _) => format!(
            "it prints \"{}\" while {} still counts",
            first_line(&printed),
            outcome.name(late)
        ),
        (Ending::Ended(0), None, Some(killed)) => format!(
            "it does not wait for {}: the program, or its end, kills it",
            outcome.name(killed)
        ),
        (Ending::Ended(0), ..) => match counted(&printed) {
            // If the first schedule fails, the order of the steps is not the cause.
            Some(less) if less < right && explored.covered.schedules > 1 => {
                let counts = format!("it counts {less} instead of {right}");
                match outcome.overwrites_nothing(less) {
                    _ if outcome.wakes_spuriously() => format!(
                        "an update is lost: {counts}. A worker goes on after a spurious wake-up: \
                         its wait belongs in a loop that checks the condition again"
                    ),
                    true => format!(
                        "an addition has no effect: {counts}. A worker goes on after a try_lock or \
                         compare_exchange that failed, or an atomic operation stores a value that \
                         comes from an earlier load"
                    ),
                    false if is_atomic => format!(
                        "an update is lost: {counts}. Another worker can come between the load \
                         and the store: they must be one atomic step"
                    ),
                    false => explored.lost_update(&counts),
                }
            }
            Some(result) if outcome.adds_to_a_copy(result) => {
                let why = "each worker adds to a copy of its own, because fork copies all memory \
                           that is not mapped as shared";
                format!("{}: {why}", wrong_number(&printed, right))
            }
            Some(0) => {
                let wrong = wrong_number(&printed, right);
                format!("{wrong}: no addition reaches the counter that it prints")
            }
            _ => wrong_number(&printed, right),
        },
        (Ending::Deadlock, ..) => DEADLOCK_MESSAGE.into(),
        (ending, ..) => format!("it {ending}"),
    };
    let is_about_main = verdict == Verdict::DidNotWait;
    Problem::new(verdict, message).found_in(explored, is_about_main)
}
