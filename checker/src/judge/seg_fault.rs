//! seg-fault: which worker dies of a segmentation fault, and does the program report it?

use super::ending::{ended, ended_well, nothing_left, succeeded};
use super::plan::{Claim, Finding, Judge, Problem, Program, Seen};
use super::report::Verdict;
use super::reports::{Fate, Worker, reports};
use super::sums::{SUM_OF_1000, sum, sum_is};
use crate::seed::Seed;
use engine::{End, Fault, Kind, Schedule, TaskIndex, TaskRecord};
use nix::sys::signal::Signal;
use std::collections::BTreeSet;

/// The sums of the parts of 4 and of 5 workers, of an array of 1000 numbers.
const SUM_OF_PART_2_OF_4: i64 = 374_803 - 253_165;
const SUMS_OF_5: [i64; 5] = [97_157, 106_212, 98_490, 97_303, 99_458];

const TWO: &[&str] = &["2", "--len", "1000"];
const FOUR: &[&str] = &["4", "--len", "1000"];
const FIVE: &[&str] = &["5", "--len", "1000"];

pub(super) const THREADS: Judge<[Seen; 2]> = Judge {
    observe: |program| {
        // Otherwise thread 2 might end the process before the last one is there.
        let held = program
            .run(FOUR)
            .schedule(Schedule::WorkersLast(Vec::new()));
        program.see([held, program.run(TWO)])
    },
    checks: &[
        Claim {
            name: "a segmentation fault in one of 4 threads kills the whole process",
            points: 0,
            holds: |[four, _]| killed_with_all_its_threads(four),
        },
        Claim {
            name: "without a thread 2 there is no fault, and the sum is right",
            points: 0,
            holds: |[_, two]| ended_well(two).and_then(|()| sum_is(two, SUM_OF_1000)),
        },
    ],
};

fn killed_with_all_its_threads(seen: &Seen) -> Finding {
    let observed = &seen.observed;
    let threads = observed.created(Kind::Thread).count();
    if threads != 4 {
        let message = format!("it starts {threads} threads instead of 4");
        return Err(Problem::new(Verdict::NoWorker, message).seen_in(seen));
    }
    if observed.end == End::Ended(libc::SIGSEGV) && observed.stdout.is_empty() {
        return Ok(());
    }
    let problem = Problem::new(Verdict::WrongOutput, "the fault does not end it")
        .with("expected: no output, killed by SIGSEGV")
        .with(format!("seen: {:?}", observed.end));
    Err(problem.seen_in(seen))
}

pub(super) const PROCESSES: Judge<Runs> = Judge {
    observe,
    checks: &[
        Claim {
            name: "a segmentation fault in one of 4 processes kills that one",
            points: 0,
            holds: |runs| one_process_is_killed(&runs.four),
        },
        Claim {
            name: "the sum lacks exactly the part of process 2",
            points: 0,
            holds: |runs| lacks_part_2(&runs.four),
        },
        Claim {
            name: "it reports process 2 and the signal that killed it",
            points: 20,
            holds: |runs| reports_all(&runs.four),
        },
        Claim {
            name: "it reports whichever process is killed, by whichever signal",
            points: 10,
            holds: |runs| {
                reports_all(&runs.killed)?;
                sum_is(&runs.killed, runs.sum_of_killed)
            },
        },
        Claim {
            name: "it reports nothing when all end well",
            points: 5,
            holds: |runs| {
                reports_all(&runs.two)?;
                sum_is(&runs.two, SUM_OF_1000)
            },
        },
        Claim {
            name: "it reports a process that exits with another status than 0",
            points: 5,
            holds: |runs| {
                runs.failed.iter().try_for_each(reports_all)?;
                runs.failed
                    .iter()
                    .try_for_each(|seen| sum_is(seen, SUM_OF_1000))
            },
        },
    ],
};

pub(super) struct Runs {
    /// 4 workers, the third one of which faults.
    four: Seen,
    /// 2 workers, which end well.
    two: Seen,
    /// 5 workers: the third one faults, two others are killed.
    killed: Seen,
    sum_of_killed: i64,
    /// 2 workers, one or both of which exit with another status than 0.
    failed: [Seen; 2],
}

fn observe(program: &Program<'_>) -> Result<Runs, Problem> {
    let mut seed = Seed::new(program.seed());
    // One that is not the first ends first: the order of the ends is another one.
    let [early, other] = seed.two_of([1, 3, 4]);
    let [late, _] = seed.two_of([0, other]);
    let [signal, _] = seed.two_of([Signal::SIGKILL, Signal::SIGTERM]);
    // The wait status has the bit of the core file as well.
    let [core_signal, _] = seed.two_of([Signal::SIGABRT, Signal::SIGFPE, Signal::SIGSEGV]);
    let [victim, other] = seed.two_of([0, 1]);
    // Numbers that a wrong decoder takes for signals, and for negative ones.
    let [low, _] = seed.two_of([6, 9, 11, 15]);
    let high = seed.between(128, 255);
    let any = Fault::Exits(seed.between(1, 255));
    // While the children are held back, a program that does not wait goes on without them.
    let held = program
        .run(FOUR)
        .schedule(Schedule::WorkersLast(Vec::new()));
    let [four, two, killed, one_failed, both_failed] = program.see([
        held,
        program.run(TWO),
        program
            .run(FIVE)
            .inject(early, Fault::KilledAtBirth(signal))
            .inject(late, Fault::KilledAtEnd(core_signal)),
        program.run(TWO).inject(victim, Fault::Exits(low)),
        program
            .run(TWO)
            .inject(victim, any)
            .inject(other, Fault::Exits(high)),
    ])?;
    // A worker that is killed at its end has left its sum. Threads may create the children
    // in any order, so the one that is killed at its birth can be any of them.
    let workers = workers(&killed);
    let early = workers
        .iter()
        .position(|(_, task)| fate(task) == Fate::Killed(signal as i32));
    let lost = BTreeSet::from([2, early.unwrap_or(2)]);
    let lost = lost.into_iter().filter_map(|number| SUMS_OF_5.get(number));
    let sum_of_killed = SUM_OF_1000 - lost.sum::<i64>();
    Ok(Runs {
        four,
        two,
        killed,
        sum_of_killed,
        failed: [one_failed, both_failed],
    })
}

/// The processes that the program itself has created, in the order of their numbers: that
/// of their births, or of the births of the threads that have created them.
fn workers(seen: &Seen) -> Vec<(TaskIndex, &TaskRecord)> {
    let observed = &seen.observed;
    let children = observed.created(Kind::Process);
    let children = children.filter(|(child, _)| observed.parent_of(*child) == Some(0));
    let mut workers: Vec<_> = children.collect();
    workers.sort_by_key(|(_, task)| &task.lineage);
    workers
}

fn one_process_is_killed(seen: &Seen) -> Finding {
    ended(seen)?;
    let workers = workers(seen);
    if workers.is_empty() {
        let threads = seen.observed.created(Kind::Thread).count();
        let message = match threads {
            0 => "it starts no processes",
            _ => "it starts threads; processes are asked for",
        };
        return Err(Problem::new(Verdict::NoWorker, message).seen_in(seen));
    }
    all_are_waited_for(seen)?;
    let killed_by = |(_, task): &(TaskIndex, &TaskRecord)| match fate(task) {
        Fate::Killed(signal) => Some(signal),
        _ => None,
    };
    let signals: Vec<_> = workers.iter().map(killed_by).collect();
    if signals != [None, None, Some(libc::SIGSEGV), None] {
        let message = "process 2 of 4, and no other, should be killed by SIGSEGV (11)";
        let problem = Problem::new(Verdict::WrongOutput, message).with(format!(
            "seen: {} processes, killed by: {signals:?}",
            workers.len()
        ));
        return Err(problem.seen_in(seen));
    }
    nothing_left(seen)
}

fn lacks_part_2(seen: &Seen) -> Finding {
    let sum = sum(seen);
    // A program may end with a failure after it has printed the sum.
    if sum.is_err() {
        succeeded(seen)?;
    }
    sum_is(seen, SUM_OF_1000 - SUM_OF_PART_2_OF_4)
}

fn all_are_waited_for(seen: &Seen) -> Finding {
    let workers = workers(seen);
    let is_killed =
        |(_, task): &(TaskIndex, &TaskRecord)| fate(task) == Fate::Killed(libc::SIGKILL);
    let kills = Fault::KilledAtBirth(Signal::SIGKILL);
    if workers.iter().any(is_killed) && !seen.faults.contains(&kills) {
        // It may have given up.
        succeeded(seen)?;
        let message = "it kills its processes instead of waiting for them";
        return Err(Problem::new(Verdict::DidNotWait, message).seen_in(seen));
    }
    let not_reaped = workers.iter().filter(|(_, task)| task.reaped_by.is_none());
    match not_reaped.count() {
        0 => Ok(()),
        count => {
            let message = format!("it does not wait for {count} of its processes");
            Err(Problem::new(Verdict::DidNotWait, message).seen_in(seen))
        }
    }
}

/// How the kernel says that a task has ended.
fn fate(task: &TaskRecord) -> Fate {
    match task.ended.map_or(0, |(_, status)| status) {
        status if libc::WIFSIGNALED(status) => Fate::Killed(libc::WTERMSIG(status)),
        status if libc::WEXITSTATUS(status) != 0 => Fate::Exited(libc::WEXITSTATUS(status)),
        _ => Fate::Well,
    }
}

/// Each worker that did not end well is reported, and no other.
fn reports_all(seen: &Seen) -> Finding {
    ended(seen)?;
    all_are_waited_for(seen)?;
    let workers = workers(seen);
    let workers: Vec<Worker> = workers
        .iter()
        .enumerate()
        .map(|(number, (_, task))| Worker {
            number,
            pid: task.tid,
            fate: fate(task),
        })
        .collect();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let stdout = text(&seen.observed.stdout);
    let stderr = text(&seen.observed.stderr);
    reports(&stdout, &stderr, &workers).map_err(|wrong| {
        let problem = Problem::new(Verdict::WrongOutput, wrong.message);
        let line = wrong.line.unwrap_or("nothing on standard error".into());
        problem.with(format!("seen: {line}")).seen_in(seen)
    })
}
