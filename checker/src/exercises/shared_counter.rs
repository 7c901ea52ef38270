//! shared-counter: is there a schedule in which an update is lost?

use crate::explore::{Ending, Explored, Outcome, Part, Plan};
use crate::judge::ending::{ended_well, succeeded};
use crate::judge::plan::{Claim, Finding, Judge, Problem, Program, Seen};
use crate::judge::report::Verdict;
use crate::judge::text::{first_line, numbers, stdout};
use engine::{End, Event, Kind, Limits};
use std::time::Duration;

/// Each schedule takes about half a millisecond. The known mistakes fail within these numbers.
const PLAN_OF_TWO: Plan = Plan {
    preemptions: 2,
    schedules: 300,
    random: 50,
    seed: 1,
    // No verdict depends on this time.
    time: Duration::MAX,
};
const PLAN_OF_ONCE: Plan = Plan {
    schedules: 450,
    ..PLAN_OF_TWO
};
const PLAN_OF_LOOP: Plan = Plan {
    schedules: 100,
    random: 10,
    ..PLAN_OF_TWO
};

const WORKERS: usize = 3;
const THREE: &[&str] = &["3", "--increments", "10"];
const TWO: &[&str] = &["2", "--increments", "2"];
const TWO_ATOMIC: &[&str] = &["2", "--increments", "2", "--atomic"];
/// A lock may work for two workers, and not for more. And a third worker may come between a failed
/// compare-and-exchange and the next step.
const ONCE: &[&str] = &["3", "--increments", "1"];
const ONCE_ATOMIC: &[&str] = &["3", "--increments", "1", "--atomic"];
/// A worker may do something special in its last batch.
const LOOP: &[&str] = &["2", "--increments", "11"];
const LOOP_ATOMIC: &[&str] = &["2", "--increments", "11", "--atomic"];

/// The beginning of the line with the result.
const COUNTER: &str = "Counter is:";

/// The right results with these arguments.
const COUNTED: [i64; 3] = [4, 3, 22];

/// A program may work for few workers only, or up to a power of two, such as a counter of 20 bits.
/// A worker may also add its increments in batches.
const MANY: &[&str] = &["131", "--increments", "8100"];
const MANY_ATOMIC: &[&str] = &["131", "--increments", "8100", "--atomic"];
const COUNTED_MANY: i64 = 1_061_100;
/// A worker may count its own increments with 16 bits.
const LONG: &[&str] = &["3", "--increments", "70000"];
const LONG_ATOMIC: &[&str] = &["3", "--increments", "70000", "--atomic"];
const COUNTED_LONG: i64 = 210_000;
/// The CPU time for them. Spinning workers may need more, which proves nothing.
const TIME: Duration = Duration::from_secs(3);
/// The additional time on the clock, in which the engine can recognise a deadlock.
const DEADLOCK: Duration = Duration::from_secs(3);

pub(super) struct Runs {
    /// A run that the system schedules.
    free: Seen,
    /// With the lock, and without.
    lock: Tries,
    atomic: Tries,
}

struct Tries {
    /// Runs with many workers and with many increments, which the system schedules.
    large: [Seen; 2],
    /// Many schedules with few workers.
    explored: [Explored; 3],
}

pub(super) const THREADS: Judge<Runs> = Judge {
    observe,
    checks: &[
        Claim::new("it starts as many threads as it is told to", 0, |runs| {
            has_workers(&runs.free, Kind::Thread)
        }),
        WITH_LOCK,
        ATOMICALLY,
    ],
};

pub(super) const PROCESSES: Judge<Runs> = Judge {
    observe,
    checks: &[
        Claim::new("it starts as many processes as it is told to", 0, |runs| {
            has_workers(&runs.free, Kind::Process)
        }),
        WITH_LOCK,
        ATOMICALLY,
    ],
};

const WITH_LOCK: Claim<Runs> = Claim::new("no tried schedule loses an update", 8, |runs| {
    counts_right(&runs.lock, false)
});

const ATOMICALLY: Claim<Runs> = Claim::new(
    "no tried schedule loses an update with --atomic either",
    7,
    |runs: &Runs| counts_right(&runs.atomic, true),
)
.alone();

fn observe(program: &Program<'_>) -> Result<Runs, Problem> {
    let [free] = program.see([program.run(THREE)])?;
    // If no schedule lets the program end, stop early instead of running all of them.
    ended_well(&free)?;
    let limits = Limits {
        time: TIME + DEADLOCK,
        cpu_time: TIME,
        ..Limits::default()
    };
    let large = [MANY, LONG, MANY_ATOMIC, LONG_ATOMIC];
    let large = large.map(|args| program.run(args).limits(limits));
    let [many, long, many_atomic, long_atomic] = program.see(large)?;
    let two = |args| -> Part<'_> { (args, PLAN_OF_TWO, &is_right::<{ COUNTED[0] }>) };
    let once = |args| -> Part<'_> { (args, PLAN_OF_ONCE, &is_right::<{ COUNTED[1] }>) };
    let looped = |args| -> Part<'_> { (args, PLAN_OF_LOOP, &is_right::<{ COUNTED[2] }>) };
    let parts = [
        two(TWO),
        once(ONCE),
        looped(LOOP),
        two(TWO_ATOMIC),
        once(ONCE_ATOMIC),
        looped(LOOP_ATOMIC),
    ];
    let explored = program.explore(parts)?;
    let has_failed = explored.iter().any(|explored| explored.failing().is_some());
    let executes =
        |(_, task, event): &(Duration, usize, Event)| *task != 0 && *event == Event::Executed;
    if has_failed && free.observed.events.iter().any(executes) {
        let message = "a worker executes another program, whose schedules cannot be explored";
        return Err(Problem::new(Verdict::Environment, message).seen_in(&free));
    }
    let [two, once, looped, atomic @ ..] = explored;
    Ok(Runs {
        free,
        lock: Tries {
            large: [many, long],
            explored: [two, once, looped],
        },
        atomic: Tries {
            large: [many_atomic, long_atomic],
            explored: atomic,
        },
    })
}

fn has_workers(seen: &Seen, kind: Kind) -> Finding {
    let created = seen.observed.created(kind).count();
    // One more task may collect the workers' counts.
    if created >= WORKERS {
        return Ok(());
    }
    let what = match kind {
        Kind::Thread => "threads",
        Kind::Process => "processes",
    };
    let message = format!("it starts {created} {what} instead of {WORKERS}");
    Err(Problem::new(Verdict::NoWorker, message).seen_in(seen))
}

fn is_right<const RIGHT: i64>(_: &Outcome, outcome: &Outcome) -> bool {
    match outcome.ending {
        Ending::Deadlock => !outcome.is_certain_deadlock(),
        ending => {
            let printed = String::from_utf8_lossy(&outcome.stdout);
            ending == Ending::Ended(0) && counted(&printed) == Some(RIGHT)
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

fn wrong_number(printed: &str, right: i64) -> (Verdict, String) {
    let printed = first_line(result_in(printed));
    let message = format!("it prints \"{printed}\" instead of \"{COUNTER} {right}\"");
    (Verdict::WrongOutput, message)
}

fn counts_right(tries: &Tries, is_atomic: bool) -> Finding {
    for (explored, right) in tries.explored.iter().zip(COUNTED) {
        if let Some(outcome) = explored.failing() {
            return Err(failure(explored, outcome, right, is_atomic));
        }
    }
    for (seen, right) in tries.large.iter().zip([COUNTED_MANY, COUNTED_LONG]) {
        // A right program may be too slow for the limit, or need more tasks or memory.
        let end = seen.observed.end;
        if matches!(end, End::TimedOut | End::TooManyTasks | End::TooMuchMemory) {
            continue;
        }
        succeeded(seen)?;
        let printed = stdout(seen);
        if counted(&printed) != Some(right) {
            let (verdict, message) = wrong_number(&printed, right);
            return Err(Problem::new(verdict, message).seen_in(seen));
        }
    }
    Ok(())
}

fn failure(explored: &Explored, outcome: &Outcome, right: i64, is_atomic: bool) -> Problem {
    let printed = String::from_utf8_lossy(&outcome.stdout);
    let (verdict, message) = match outcome.ending {
        Ending::Ended(0) if outcome.prints_too_early() => (
            Verdict::DidNotWait,
            format!(
                "it prints \"{}\" while a worker still counts",
                first_line(&printed)
            ),
        ),
        Ending::Ended(0) if outcome.kills_a_worker() => (
            Verdict::DidNotWait,
            "it does not wait for a worker: it ends first, or sends SIGKILL".into(),
        ),
        Ending::Ended(0) => match counted(&printed) {
            Some(less) if less < right && !explored.fails_at_once() && is_atomic => (
                Verdict::WrongOutput,
                format!(
                    "an update is lost: it counts {less} instead of {right}. Another worker can \
                     come between the load and the store: they must be one atomic step"
                ),
            ),
            Some(less) if less < right && !explored.fails_at_once() && explored.has_lock() => (
                Verdict::WrongOutput,
                format!(
                    "an update is lost although there is a lock: it counts {less} instead of \
                     {right}. All workers must use the same lock, and keep it from the load to \
                     the store"
                ),
            ),
            Some(less) if less < right && !explored.fails_at_once() => (
                Verdict::WrongOutput,
                format!(
                    "an update is lost: it counts {less} instead of {right}. From the load to \
                     the store, no lock keeps the other workers out: there is none, each worker \
                     has its own, it is released at once, or it lets several in"
                ),
            ),
            _ => wrong_number(&printed, right),
        },
        Ending::Deadlock => (
            Verdict::TimedOut,
            "there is a deadlock: every task waits for another one".into(),
        ),
        ending @ Ending::Endless => (Verdict::TimedOut, format!("it {ending}")),
        ending => (Verdict::Crashed, format!("it {ending}")),
    };
    Problem::new(verdict, message).found_in(explored)
}
