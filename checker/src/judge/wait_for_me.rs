//! wait-for-me: is there somebody else, and does the program wait for him?

use super::ending::{again, ended, ended_well, succeeded, with_stderr};
use super::plan::{FREE, Finding, Plan, PlannedCheck, PlannedRun, Problem, Seen};
use super::report::Verdict;
use super::text::{first_line, numbers, stdout};
use crate::engine::{
    Call, Event, Hold, Kind, Moment, Observable, Observed, Schedule, Signs, TaskIndex, TaskRecord,
};
use nix::sys::signal::Signal;

const COUNT: usize = 400;

pub(super) const THREADS: Plan = Plan::new(
    &[PlannedRun {
        schedule: Schedule::HoldWorkers,
        watched_numbers: Some(COUNT),
        ..FREE
    }],
    &[
        PlannedCheck::of_tracing(
            "another thread negates the numbers",
            10,
            another_thread_negates,
        ),
        PlannedCheck::of_tracing(
            "the program waits for that thread",
            10,
            waits_for_the_thread,
        ),
        PlannedCheck::of_output(
            "all 400 numbers are printed, and all are negative",
            10,
            prints_negative_numbers,
        ),
    ],
);

fn another_thread_negates(seen: &[Seen]) -> Finding {
    let [seen] = seen else { return Ok(()) };
    let observed = &seen.observed;
    let no_worker = |message: &str| Err(again(Problem::new(Verdict::NoWorker, message), seen));
    if observed.created(Kind::Thread).next().is_none() {
        ended(seen)?;
        succeeded(seen)?;
        return no_worker(if observed.created(Kind::Process).next().is_some() {
            "it starts a process; a thread is asked for"
        } else {
            "it starts no thread"
        });
    }
    let at_release = observed
        .numbers
        .iter()
        .find(|(when, _)| *when == Moment::Release);
    if matches!(at_release, Some((_, Signs::Negative))) {
        return no_worker("the numbers are negative before the thread has begun to run");
    }
    let is_end = |when: &Moment| matches!(when, Moment::EndOf(_));
    let at_the_end = observed.numbers.iter().rfind(|(when, _)| is_end(when));
    // A thread that nobody waits for may be ended in its midst, with the program.
    let mut events = observed.events.iter();
    let exiting = events.find(|(_, task, event)| {
        *event == Event::Called(Call::Exit) && observed.process_of(*task) == 0
    });
    let mut events = observed.events.iter();
    let exit = exiting.and_then(|(_, exiting, _)| events.rfind(|(_, task, _)| task == exiting));
    let has_ended_by_itself = |(_, task): (_, &TaskRecord)| {
        let is_earlier = |end| exit.is_none_or(|(exit, ..)| end < *exit);
        matches!((task.ending, task.ended), (Some(end), Some((_, 0))) if is_earlier(end))
    };
    if !observed.created(Kind::Thread).any(has_ended_by_itself) {
        return Ok(());
    }
    match at_the_end {
        None => no_worker("the numbers are nowhere in memory when the thread has ended"),
        // Who printed negative ones then?
        Some((_, Signs::Positive)) if are_negative(&stdout(seen)) => {
            no_worker("the numbers are still positive when the thread has ended")
        }
        Some((_, Signs::Positive)) if !waits(observed) => {
            no_worker("the thread has ended, and the numbers are still positive")
        }
        Some((_, Signs::Positive)) => {
            ended(seen)?;
            let message = "the numbers are positive when the thread has ended";
            Err(again(Problem::new(Verdict::WrongOutput, message), seen))
        }
        Some(_) => Ok(()),
    }
}

fn waits(observed: &Observed) -> bool {
    !matches!(observed.hold, Some(Hold::DidNotWait(_)))
}

/// Whether -1 to -400 are printed, in this order, among whatever else.
fn are_negative(text: &str) -> bool {
    let printed: Vec<i64> = numbers(text).collect();
    let are_they = |window: &[i64]| {
        window
            .iter()
            .zip(1..)
            .all(|(number, value)| *number == -value)
    };
    printed.windows(COUNT).any(are_they)
}

fn waits_for_the_thread(seen: &[Seen]) -> Finding {
    let [seen] = seen else { return Ok(()) };
    let seen_first = match &seen.observed.hold {
        Some(Hold::DidNotWait(Observable::Ended)) => "ended",
        Some(Hold::DidNotWait(_)) => "printed",
        _ => return ended(seen),
    };
    let message = "it goes on while the thread has not even begun to run";
    let problem = Problem::new(Verdict::DidNotWait, message)
        .with("expected: it waits until the thread has done its work")
        .with(format!(
            "seen: it {seen_first} while the thread was held at its birth"
        ));
    Err(again(problem, seen))
}

fn prints_negative_numbers(seen: &[Seen]) -> Finding {
    let [seen] = seen else { return Ok(()) };
    ended_well(seen)?;
    let text = stdout(seen);
    if are_negative(&text) {
        return Ok(());
    }
    let printed: Vec<i64> = numbers(&text).collect();
    let positive = printed.iter().filter(|&&number| number > 0).count();
    let problem = Problem::new(
        Verdict::WrongOutput,
        "it does not print -1 to -400, in this order",
    )
    .with(format!(
        "seen: {} numbers, {positive} of them positive",
        printed.len()
    ))
    .with(format!("seen: {}", first_line(&text)));
    Err(again(problem, seen))
}

const MESSAGE: &str = "Now you see me, now you don't";
const FILE: &str = "message.txt";

pub(super) const PROCESSES: Plan = Plan::new(
    &[
        PlannedRun {
            args: &[FILE],
            schedule: Schedule::HoldWorkers,
            watched_file: Some(FILE),
            ..FREE
        },
        PlannedRun {
            args: &[FILE],
            kill: Some((0, Signal::SIGKILL)),
            ..FREE
        },
    ],
    &[
        PlannedCheck::of_tracing(
            "the program waits for its child before it opens the file",
            20,
            waits_for_the_child,
        ),
        PlannedCheck::of_tracing("it prints what the child has written", 5, |seen| {
            prints_the_message(seen)?;
            reads_the_file(seen)
        })
        .or_by_output(prints_the_message),
        PlannedCheck::of_tracing(
            "it prints no message when the child was killed",
            5,
            prints_nothing_without_a_child,
        ),
    ],
);

/// The places of the events in which this process opens the file.
fn openings(observed: &Observed, is_it: impl Fn(TaskIndex) -> bool) -> impl Iterator<Item = usize> {
    let events = observed.events.iter().enumerate();
    events.filter_map(move |(place, (_, task, event))| {
        let opens = matches!(event, Event::Called(Call::Open { .. }));
        (opens && is_it(observed.process_of(*task))).then_some(place)
    })
}

fn waits_for_the_child(seen: &[Seen]) -> Finding {
    let [seen, _] = seen else { return Ok(()) };
    let observed = &seen.observed;
    if observed.created(Kind::Process).next().is_none() {
        ended(seen)?;
        let message = match observed.created(Kind::Thread).next() {
            Some(_) => "it starts a thread; a process is asked for",
            None => "it starts no process",
        };
        return Err(again(Problem::new(Verdict::NoWorker, message), seen));
    }

    let opened = openings(observed, |process| process == 0).next();
    let writer = openings(observed, |process| process != 0).next();
    let writer = writer.map(|place| observed.process_of(observed.events[place].1));
    let reaped = observed.events.iter().position(|(_, task, event)| {
        let is_the_writer = |child| writer.is_none_or(|writer| writer == child);
        let is_reaped = matches!(event, Event::Reaped(child) if is_the_writer(*child));
        is_reaped && observed.process_of(*task) == 0
    });
    let did_not_wait = |what: &str| {
        let message = "it does not wait for the child that writes the file";
        let problem = Problem::new(Verdict::DidNotWait, message)
            .with("expected: a wait that returns this child, and then the file is opened")
            .with(format!("seen: {what}"));
        Err(again(problem, seen))
    };
    match (opened, reaped) {
        (Some(_), None) => return did_not_wait("the file is opened, and no wait has returned it"),
        (Some(opened), Some(reaped)) if opened < reaped => {
            return did_not_wait("the file is opened, and only then a wait returns it");
        }
        (None, None) => {
            ended(seen)?;
            return did_not_wait("no wait has returned it");
        }
        _ => {}
    }
    if writer.is_none() {
        // It may have been killed before it could write, and the program noticed.
        ended_well(seen)?;
        let problem = Problem::new(Verdict::NoWorker, "no child of it writes the file");
        return Err(again(with_stderr(problem, seen), seen));
    }
    Ok(())
}

fn prints_the_message(seen: &[Seen]) -> Finding {
    let [seen, ..] = seen else { return Ok(()) };
    ended_well(seen)?;
    if stdout(seen).lines().any(|line| line.trim() == MESSAGE) {
        return Ok(());
    }
    Err(wrong_message("it does not print the message", seen))
}

fn reads_the_file(seen: &[Seen]) -> Finding {
    let [seen, ..] = seen else { return Ok(()) };
    let mut its_own = openings(&seen.observed, |process| process == 0);
    if its_own.next().is_some() {
        return Ok(());
    }
    let message = "it prints the message without reading the file";
    Err(wrong_message(message, seen))
}

fn wrong_message(message: &str, seen: &Seen) -> Problem {
    let problem = Problem::new(Verdict::WrongOutput, message)
        .with(format!("expected: a line '{MESSAGE}'"))
        .with(format!("seen: {}", first_line(&stdout(seen))));
    again(problem, seen)
}

fn prints_nothing_without_a_child(seen: &[Seen]) -> Finding {
    let [_, seen] = seen else { return Ok(()) };
    ended(seen)?;
    if !stdout(seen).contains(MESSAGE) {
        return Ok(());
    }
    let message = "it prints the message although the child was killed and wrote nothing";
    Err(again(Problem::new(Verdict::WrongOutput, message), seen))
}
