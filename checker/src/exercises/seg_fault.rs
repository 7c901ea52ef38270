//! seg-fault: which worker dies of a segmentation fault, and does the program report it?

use super::reports::{Fate, Worker, reports};
use super::sums::{SUM_OF_1000, sum, sum_is};
use crate::judge::ending::{ended, ended_well, nothing_left, succeeded};
use crate::judge::plan::{Claim, Finding, Judge, NOT_JUDGED, Problem, Program, Seen};
use crate::judge::report::Verdict;
use crate::judge::text::stdout;
use crate::seed::Seed;
use crate::wait_status::{end_in_words, signal_in_words};
use engine::{Call, End, Event, Fault, Kind, Observed, Run, Schedule, TaskRecord};
use nix::sys::signal::Signal;
use std::collections::BTreeSet;

/// The sums of the parts of 4 and of 17 workers, of an array of 1000 numbers.
const SUM_OF_PART_2_OF_4: i64 = 374_539 - 254_346;
const SUMS_OF_17: [i64; 17] = [
    30_558, 32_346, 28_920, 28_301, 29_402, 30_959, 31_123, 29_818, 25_877, 30_359, 29_157, 27_367,
    26_146, 28_722, 26_655, 27_497, 32_921,
];

const TWO: &[&str] = &["2", "--len", "1000"];
const FOUR: &[&str] = &["4", "--len", "1000"];
/// 17 workers need numbers with two digits, and 17 is not a multiple of a group size.
const SEVENTEEN: &[&str] = &["17", "--len", "1000"];
/// A program may have room for 64 workers only. With a helper for each worker, it still stays
/// within the limit of tasks.
const MANY: &[&str] = &["100", "--len", "1000"];

pub(super) const THREADS: Judge<[Seen; 2]> = Judge {
    // Without the hold, thread 2 might end the process before the last thread is born.
    observe: |program| program.see([all_last(program, FOUR), program.run(TWO)]),
    checks: &[
        Claim::new(
            "a segmentation fault in one of 4 threads kills the whole process",
            0,
            |[four, _]| killed_with_all_its_threads(four),
        ),
        Claim::new(
            "without a thread 2 there is no fault, and the sum is right",
            0,
            |[_, two]| ended_well(two).and_then(|()| sum_is(two, SUM_OF_1000)),
        ),
    ],
};

/// A run that holds its workers. A program that does not wait continues without them.
fn all_last(program: &Program<'_>, args: &[&str]) -> Run {
    let workers_last = Schedule::WorkersLast(Vec::new());
    program.run(args).schedule(workers_last)
}

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
        .with(match observed.end {
            End::Ended(status) => format!("seen: it {}", end_in_words(status)),
            _ => "seen: it did not end by itself".into(),
        });
    Err(problem.seen_in(seen))
}

pub(super) const PROCESSES: Judge<Runs> = Judge {
    observe,
    checks: &[
        Claim::new(
            "a segmentation fault in one of 4 processes kills that one",
            0,
            |runs| one_process_is_killed(&runs.four),
        ),
        Claim::new("the sum lacks exactly the part of process 2", 0, |runs| {
            lacks_part_2(&runs.four)
        }),
        Claim::new(
            "it reports process 2 and the signal that killed it",
            15,
            |runs| reports_all(&runs.four),
        ),
        Claim::new(
            "it reports each killed process with its signal",
            8,
            |runs: &Runs| {
                let ((killed, sum), [_, (held, _)]) = (&runs.killed, &runs.failed);
                all_are_waited_for(held)?;
                reports_all(killed)?;
                sum_is(killed, *sum)?;
                prints_a_sum_or_succeeds(&runs.many)?;
                reports_all(&runs.many)
            },
        ),
        Claim::new("it reports nothing when all end well", 4, |runs: &Runs| {
            reports_something(&runs.four)?;
            reports_all(&runs.two)?;
            sum_is(&runs.two, SUM_OF_1000)
        })
        .alone(),
        Claim::new(
            "it reports a process that exits with another status than 0",
            3,
            |runs: &Runs| {
                let mut failed = runs.failed.iter();
                failed.try_for_each(|(seen, _)| reports_all(seen))?;
                let mut failed = runs.failed.iter();
                failed.try_for_each(|(seen, sum)| sum_is(seen, *sum))
            },
        )
        .alone(),
    ],
};

pub(super) struct Runs {
    /// 4 workers. The third one faults.
    four: Seen,
    /// 2 workers that end well. The second one ends first.
    two: Seen,
    /// 17 workers, and the sum of the remaining parts. The third worker faults and others are
    /// killed, two of them by the same signal.
    killed: (Seen, i64),
    /// 100 workers. The third one faults.
    many: Seen,
    /// Workers with an exit status other than 0: one of 2, and some of 17, two of them with the
    /// same status. The 17 workers are held.
    failed: [(Seen, i64); 2],
}

fn observe(program: &Program<'_>) -> Result<Runs, Problem> {
    let mut seed = Seed::new(program.seed());
    let [early_signal, signal] = seed.shuffled([Signal::SIGKILL, Signal::SIGTERM]);
    // The wait statuses of these signals also have the core dump bit.
    let [twin, ..] = seed.shuffled([Signal::SIGABRT, Signal::SIGFPE, Signal::SIGSEGV]);
    // A number with five bits.
    let [large, ..] = seed.shuffled([Signal::SIGXCPU, Signal::SIGVTALRM, Signal::SIGSYS]);
    let signals = [
        large,
        Signal::SIGABRT,
        Signal::SIGBUS,
        Signal::SIGFPE,
        Signal::SIGUSR1,
    ];
    let signals = signals.into_iter().chain([signal, twin, twin]);
    // A wrong decoder mistakes these numbers for signals, for the exit statuses of a shell, or
    // for negative numbers.
    let [low, ..] = seed.shuffled([6, 9, 11, 15]);
    let (high, any) = (seed.between(193, 255), seed.between(1, 255));
    let statuses = [1, low, low, 128 + low, high, any].into_iter();
    let [one, _] = seed.shuffled([0, 1]);

    let mut victims = seed.shuffled([0, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
    // The first worker must not end first, so that the order of the ends differs from that of
    // the births.
    if victims[0] == 0 {
        victims.reverse();
    }
    let [early, victims @ ..] = victims;
    let inject = |run: Run, faults: &mut dyn Iterator<Item = Fault>| {
        let faults = victims.into_iter().zip(faults);
        faults.fold(run, |run, (victim, fault)| run.inject(victim, fault))
    };
    let first_worker_last = Schedule::WorkersLast(vec![vec![0]]);
    let [four, two, killed, many, one_failed, some_failed] = program.see([
        all_last(program, FOUR),
        program.run(TWO).schedule(first_worker_last),
        inject(
            program
                .run(SEVENTEEN)
                .inject(early, Fault::KilledAtBirth(early_signal)),
            &mut signals.map(Fault::KilledAtEnd),
        ),
        program.run(MANY),
        program.run(TWO).inject(one, Fault::Exits(low)),
        inject(
            all_last(program, SEVENTEEN),
            &mut statuses.map(Fault::Exits),
        ),
    ])?;
    // A worker killed at its end has stored its sum. Threads may create the children in any
    // order, so any worker can be the one killed at its birth.
    let early_fate = Fate::Killed(early_signal as i32);
    let early = workers(&killed)
        .iter()
        .position(|worker| worker.fates.contains(&early_fate));
    let lost = BTreeSet::from([2, early.unwrap_or(2)]);
    let lost = lost.into_iter().filter_map(|number| SUMS_OF_17.get(number));
    let sum_of_killed = SUM_OF_1000 - lost.sum::<i64>();
    Ok(Runs {
        four,
        two,
        killed: (killed, sum_of_killed),
        many,
        failed: [
            (one_failed, SUM_OF_1000),
            (some_failed, SUM_OF_1000 - SUMS_OF_17[2]),
        ],
    })
}

/// The processes that the program itself created, in the order of their births. A process
/// created by a thread counts at the birth of that thread.
fn children(seen: &Seen) -> Vec<&TaskRecord> {
    let observed = &seen.observed;
    let children = observed.created(Kind::Process);
    let children = children.filter(|(child, _)| observed.parent_of(*child) == Some(0));
    let mut children: Vec<_> = children.map(|(_, task)| task).collect();
    children.sort_by_key(|task| &task.lineage);
    children
}

fn workers(seen: &Seen) -> Vec<Worker> {
    let children = children(seen).into_iter().enumerate();
    let workers = children.map(|(number, child)| {
        let processes = seen.observed.created(Kind::Process).map(|(_, task)| task);
        let own = processes.filter(|task| task.lineage.starts_with(&child.lineage));
        let own: Vec<_> = own.collect();
        Worker {
            number,
            pids: own.iter().map(|task| task.tid).collect(),
            fates: own.iter().filter_map(|task| fate(task)).collect(),
        }
    });
    workers.collect()
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
    let killed_by = |worker: &Worker| {
        worker.fates.iter().find_map(|fate| match fate {
            Fate::Killed(signal) => Some(*signal),
            Fate::Exited(_) => None,
        })
    };
    let signals: Vec<_> = workers.iter().map(killed_by).collect();
    // A helper process may follow, for example to write the reports.
    let expected = [None, None, Some(libc::SIGSEGV), None];
    if !signals.starts_with(&expected) || signals[4..].iter().any(Option::is_some) {
        let message = "process 2 of 4, and no other, should be killed by SIGSEGV (11)";
        let mut problem = Problem::new(Verdict::WrongOutput, message)
            .with(format!("seen: {} processes", workers.len()));
        for (number, signal) in signals.iter().enumerate() {
            if let Some(signal) = signal {
                let how = signal_in_words(*signal);
                problem = problem.with(format!("seen: process {number} was killed by {how}"));
            }
        }
        if signals.iter().all(Option::is_none) {
            problem = problem.with("seen: none of them was killed");
            // A program may start fewer than 3 processes.
            if let Some((_, status)) = children(seen).get(2).and_then(|child| child.ended) {
                problem = problem.with(format!("seen: process 2 {}", end_in_words(status)));
            }
        }
        return Err(problem.seen_in(seen));
    }
    nothing_left(seen)
}

fn lacks_part_2(seen: &Seen) -> Finding {
    prints_a_sum_or_succeeds(seen)?;
    sum_is(seen, SUM_OF_1000 - SUM_OF_PART_2_OF_4)
}

/// A program may end with a failure after it has printed the sum.
fn prints_a_sum_or_succeeds(seen: &Seen) -> Finding {
    match sum(seen) {
        Ok(_) => Ok(()),
        Err(_) => succeeded(seen),
    }
}

fn all_are_waited_for(seen: &Seen) -> Finding {
    let did_not_wait = |message: &str| {
        let problem = Problem::new(Verdict::DidNotWait, message);
        Err(problem.where_it_went_on(seen).seen_in(seen))
    };
    let children = children(seen);
    let is_killed = |task: &TaskRecord| fate(task) == Some(Fate::Killed(libc::SIGKILL));
    let kills = |fault: &Fault| {
        use Fault::{KilledAtBirth, KilledAtEnd};
        matches!(
            fault,
            KilledAtBirth(Signal::SIGKILL) | KilledAtEnd(Signal::SIGKILL)
        )
    };
    if children.iter().any(|task| is_killed(task)) && !seen.faults.iter().any(kills) {
        // The program may have stopped because of an error.
        succeeded(seen)?;
        let killed = numbers_of(&children, is_killed);
        let message = format!("it does not wait for {killed}: it ends first, or sends SIGKILL");
        return did_not_wait(&message);
    }
    let Observed { events, stdout, .. } = &seen.observed;
    let mut events = events.iter();
    let first_output = events.find(|(.., event)| *event == Event::Called(Call::Write(1)));
    let runs_too_late = |task: &TaskRecord| {
        let printed = String::from_utf8_lossy(&stdout[..task.released.unwrap_or(0)]);
        // The program may create a helper process after the output.
        printed.contains("Array sum") && first_output.is_some_and(|(time, ..)| task.born < *time)
    };
    if children.iter().any(|task| runs_too_late(task)) {
        let message = "it prints the sum while a process has not even begun";
        return did_not_wait(message);
    }
    if children.iter().any(|task| task.reaped_by.is_none()) {
        let not_reaped = numbers_of(&children, |task| task.reaped_by.is_none());
        return did_not_wait(&format!("it does not wait for {not_reaped}"));
    }
    Ok(())
}

/// Some children by their numbers.
fn numbers_of(children: &[&TaskRecord], is_one: impl Fn(&TaskRecord) -> bool) -> String {
    let children = children.iter().enumerate();
    let ones = children.filter(|(_, task)| is_one(task));
    let numbers: Vec<String> = ones.map(|(number, _)| number.to_string()).collect();
    match numbers.as_slice() {
        [number] => format!("process {number}"),
        numbers => format!("processes {}", numbers.join(", ")),
    }
}

/// How a task ended, if it did not end well.
fn fate(task: &TaskRecord) -> Option<Fate> {
    match task.ended.map_or(0, |(_, status)| status) {
        0 => None,
        status if libc::WIFSIGNALED(status) => Some(Fate::Killed(libc::WTERMSIG(status))),
        status => Some(Fate::Exited(libc::WEXITSTATUS(status))),
    }
}

/// A program that reports nothing also reports nothing when all workers end well.
fn reports_something(seen: &Seen) -> Finding {
    match seen.observed.stderr.is_empty() {
        false => Ok(()),
        true => Err(Problem::new(Verdict::WrongOutput, NOT_JUDGED)),
    }
}

/// Checks that each worker that did not end well is reported, and no other worker.
fn reports_all(seen: &Seen) -> Finding {
    ended(seen)?;
    all_are_waited_for(seen)?;
    let stderr = String::from_utf8_lossy(&seen.observed.stderr);
    reports(&stdout(seen), &stderr, &workers(seen)).map_err(|wrong| {
        let problem = Problem::new(Verdict::WrongOutput, wrong.message);
        let line = wrong.line.unwrap_or("nothing on standard error".into());
        problem.with(format!("seen: {line}")).seen_in(seen)
    })
}
