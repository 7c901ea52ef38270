//! seg-fault: who dies of a segmentation fault, and does anybody notice?

use super::ending::{again, ended, nothing_left};
use super::news::{
    bad_news, is_about, named_numbers, names_exit_status, names_signal, names_worker, news,
};
use super::plan::{FREE, Finding, Plan, PlannedCheck, PlannedRun, Problem, Seen};
use super::report::Verdict;
use super::sums::{SUM_OF_1000, sum_is};
use crate::engine::{End, Event, Fault, Kind, Schedule, TaskIndex, TaskRecord};
use nix::sys::signal::Signal;

/// The sums of the first numbers of the array, by how many they are.
const SUM_OF_500: i64 = 253_165;
const SUM_OF_750: i64 = 374_803;

/// What a process ends with that should end with 0.
const EXIT_STATUS: u8 = 3;

const FOUR: &[&str] = &["4", "--len", "1000"];
const TWO: &[&str] = &["2", "--len", "1000"];

pub(super) const THREADS: Plan = Plan::new(
    &[
        // Otherwise thread 2 might end the process before the last one is there.
        PlannedRun {
            args: FOUR,
            schedule: Schedule::HoldWorkers,
            ..FREE
        },
        PlannedRun { args: TWO, ..FREE },
    ],
    &[
        PlannedCheck::of_tracing(
            "a segmentation fault in one of 4 threads kills the whole process",
            0,
            |seen| killed_with_all_its_threads(&seen[0]),
        )
        .or_by_output(|seen| killed_without_output(&seen[0])),
        PlannedCheck::of_output(
            "without a thread 2 there is no fault, and the sum is right",
            0,
            |seen| sum_is(&seen[1], SUM_OF_1000),
        ),
    ],
);

fn killed_with_all_its_threads(seen: &Seen) -> Finding {
    let threads = seen.observed.created(Kind::Thread).count();
    if threads != 4 {
        let message = format!("it starts {threads} threads instead of 4");
        return Err(again(Problem::new(Verdict::NoWorker, message), seen));
    }
    killed_without_output(seen)
}

fn killed_without_output(seen: &Seen) -> Finding {
    let observed = &seen.observed;
    if observed.end == End::Ended(libc::SIGSEGV) && observed.stdout.is_empty() {
        return Ok(());
    }
    let problem = Problem::new(Verdict::WrongOutput, "the fault does not end it")
        .with("expected: no output, killed by SIGSEGV")
        .with(format!("seen: {:?}", observed.end));
    Err(again(problem, seen))
}

pub(super) const PROCESSES: Plan = Plan::new(
    &[
        PlannedRun { args: FOUR, ..FREE },
        PlannedRun { args: TWO, ..FREE },
        PlannedRun {
            args: TWO,
            fault: Some((1, Fault::Killed(Signal::SIGTERM))),
            ..FREE
        },
        PlannedRun {
            args: TWO,
            fault: Some((0, Fault::Killed(Signal::SIGKILL))),
            ..FREE
        },
        PlannedRun {
            args: TWO,
            fault: Some((1, Fault::Fails(EXIT_STATUS))),
            ..FREE
        },
    ],
    &[
        PlannedCheck::of_tracing(
            "a segmentation fault in one of 4 processes kills that one",
            0,
            |seen| one_process_is_killed(&seen[0]),
        )
        .or_by_output(|seen| ended(&seen[0]).and_then(|()| nothing_left(&seen[0]))),
        PlannedCheck::of_output("the sum lacks exactly the part of process 2", 0, |seen| {
            sum_is(&seen[0], SUM_OF_1000 - (SUM_OF_750 - SUM_OF_500))
        }),
        PlannedCheck::of_tracing(
            "it reports process 2 and the signal that killed it",
            20,
            |seen| reports(&seen[0], 2, Signal::SIGSEGV),
        )
        .or_by_output(|seen| names_a_segmentation_fault(&seen[0])),
        PlannedCheck::of_tracing(
            "it reports whichever process is killed, by whichever signal",
            10,
            |seen| {
                reports(&seen[2], 1, Signal::SIGTERM)?;
                sum_is(&seen[2], SUM_OF_500)?;
                reports(&seen[3], 0, Signal::SIGKILL)?;
                sum_is(&seen[3], SUM_OF_1000 - SUM_OF_500)
            },
        ),
        PlannedCheck::of_output("it reports nothing when all end well", 5, |seen| {
            reports_nothing(&seen[1])?;
            sum_is(&seen[1], SUM_OF_1000)
        }),
        PlannedCheck::of_tracing(
            "it reports a process that exits with another status than 0",
            5,
            |seen| {
                reports_exit_status(&seen[4], 1)?;
                sum_is(&seen[4], SUM_OF_1000)
            },
        ),
    ],
);

/// The processes that the program itself has created.
fn workers(seen: &Seen) -> Vec<(TaskIndex, &TaskRecord)> {
    let observed = &seen.observed;
    let is_its_own = |task: &TaskRecord| {
        task.creator
            .is_some_and(|creator| observed.process_of(creator) == 0)
    };
    observed
        .created(Kind::Process)
        .filter(|(_, task)| is_its_own(task))
        .collect()
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
        return Err(again(Problem::new(Verdict::NoWorker, message), seen));
    }
    all_are_waited_for(seen)?;
    let killed_by = |(_, task): &(TaskIndex, &TaskRecord)| match task.ended {
        Some((_, status)) if libc::WIFSIGNALED(status) => Some(libc::WTERMSIG(status)),
        _ => None,
    };
    let signals: Vec<_> = workers.iter().map(killed_by).collect();
    if signals != [None, None, Some(libc::SIGSEGV), None] {
        let message = "process 2 of 4, and no other, should be killed by SIGSEGV (11)";
        let problem = Problem::new(Verdict::WrongOutput, message).with(format!(
            "seen: {} processes, killed by: {signals:?}",
            workers.len()
        ));
        return Err(again(problem, seen));
    }
    nothing_left(seen)
}

fn all_are_waited_for(seen: &Seen) -> Finding {
    let observed = &seen.observed;
    let is_reaped = |worker: &TaskIndex| {
        let events = &observed.events;
        events
            .iter()
            .any(|(_, _, event)| *event == Event::Reaped(*worker))
    };
    let not_reaped = workers(seen)
        .iter()
        .filter(|(index, _)| !is_reaped(index))
        .count();
    if not_reaped == 0 {
        return Ok(());
    }
    let message = format!("it does not wait for {not_reaped} of its processes");
    Err(again(Problem::new(Verdict::DidNotWait, message), seen))
}

/// Of all workers, one is reported to have been killed by this signal, and no
/// other is reported.
fn reports(seen: &Seen, victim: usize, signal: Signal) -> Finding {
    ended(seen)?;
    all_are_waited_for(seen)?;
    let workers = workers(seen);
    let lines = bad_news(seen);
    let expected = format!(
        "process {victim} was killed by signal {} ({signal})",
        signal as i32
    );
    let wrong = |message: String| wrong_report(message, &expected, &lines, seen);
    let Some((_, worker)) = workers.get(victim) else {
        return wrong(format!("there is no process {victim}"));
    };
    let is_right = |line: &String| is_about(line, victim, worker.tid) && names_signal(line, signal);
    if !lines.iter().any(is_right) {
        return wrong(format!("it does not report that {expected}"));
    }
    for (number, (_, other)) in workers.iter().enumerate() {
        let is_wrong = |line: &String| names_worker(line, number, other.tid) && !is_right(line);
        if number != victim && lines.iter().any(is_wrong) {
            return wrong(format!("it reports process {number}, which ended well"));
        }
    }
    Ok(())
}

/// This worker is reported to have ended by itself, with the status that was injected.
fn reports_exit_status(seen: &Seen, failed: usize) -> Finding {
    ended(seen)?;
    all_are_waited_for(seen)?;
    let tid = workers(seen).get(failed).map_or(0, |(_, task)| task.tid);
    let mut about_it = news(seen);
    about_it.retain(|line| is_about(line, failed, tid));
    if about_it
        .iter()
        .any(|line| names_exit_status(line, EXIT_STATUS))
    {
        return Ok(());
    }
    let expected = format!("process {failed} exited with status {EXIT_STATUS}");
    let message = format!("it does not report that {expected}");
    wrong_report(message, &expected, &about_it, seen)
}

/// These lines, and not what was expected, are reported.
fn wrong_report(message: String, expected: &str, lines: &[String], seen: &Seen) -> Finding {
    let seen_lines = match lines.is_empty() {
        true => "nothing".into(),
        false => lines.join("\n"),
    };
    let problem = Problem::new(Verdict::WrongOutput, message)
        .with(format!("expected: {expected}, in your own words"))
        .with(format!("seen: {seen_lines}"));
    Err(again(problem, seen))
}

/// Without tracing, nobody knows the ids of the processes.
fn names_a_segmentation_fault(seen: &Seen) -> Finding {
    let lines = bad_news(seen);
    if lines.iter().any(|line| names_signal(line, Signal::SIGSEGV)) {
        return Ok(());
    }
    let message = "it does not report that a process was killed by SIGSEGV (11)";
    Err(again(Problem::new(Verdict::WrongOutput, message), seen))
}

fn reports_nothing(seen: &Seen) -> Finding {
    ended(seen)?;
    let workers = workers(seen);
    let mut lines = bad_news(seen);
    lines.retain(|line| {
        let mut numbered = workers.iter().enumerate();
        let is_named = numbered.any(|(number, (_, worker))| names_worker(line, number, worker.tid));
        is_named || !named_numbers(line).is_empty()
    });
    if lines.is_empty() {
        return Ok(());
    }
    let problem = Problem::new(
        Verdict::WrongOutput,
        "it reports somebody although all ended well",
    )
    .with(format!("seen: {}", lines.join("\n")));
    Err(again(problem, seen))
}
