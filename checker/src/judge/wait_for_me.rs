//! wait-for-me: is there somebody else, and does the program wait for him?

use super::ending::{again, ended, ended_well, succeeded, with_stderr};
use super::plan::{FREE, Finding, Plan, PlannedCheck, PlannedRun, Problem, Seen};
use super::report::Verdict;
use super::text::{first_line, numbers, stdout};
use crate::engine::{
    Call, Event, Fault, Hold, Kind, MOST_TASKS, Moment, Observable, Observed, Schedule, Signs,
    TaskIndex, TaskRecord,
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
    // Of so many, each may have done few numbers, of which nothing would be found.
    if observed.tasks.len() > MOST_TASKS {
        return Ok(());
    }
    let is_end = |when: &Moment| matches!(when, Moment::EndOf(_));
    let ends = observed.numbers.iter().filter(|(when, _)| is_end(when));
    let found = ends.map(|(_, signs)| signs);
    if found.clone().any(|signs| *signs != Signs::Positive) {
        return Ok(());
    }
    let prints_negative_ones = are_negative(&stdout(seen));
    if found.count() == 0 {
        return match prints_negative_ones && !threads_meet_somebody(observed) {
            true => no_worker("the numbers are nowhere in memory when the thread has ended"),
            false => Ok(()),
        };
    }
    // Who printed negative ones then?
    if prints_negative_ones {
        return no_worker("the numbers are still positive when the thread has ended");
    }
    if !waits(observed) {
        return no_worker("the thread has ended, and the numbers are still positive");
    }
    ended(seen)?;
    let message = "the numbers are positive when the thread has ended";
    Err(again(Problem::new(Verdict::WrongOutput, message), seen))
}

/// Whether a thread waits for somebody in its turn: to hand something over, it may be.
fn threads_meet_somebody(observed: &Observed) -> bool {
    let is_thread = |task: TaskIndex| observed.tasks[task].kind == Kind::Thread;
    observed.events.iter().any(|(_, task, event)| {
        let waits = matches!(event, Event::Called(Call::Futex | Call::Yield | Call::Read));
        waits && is_thread(*task)
    })
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
            fault: Some((0, Fault::Killed(Signal::SIGKILL))),
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

/// The places of the events in which such a process opens the file.
fn openings(observed: &Observed, is_it: impl Fn(TaskIndex) -> bool) -> impl Iterator<Item = usize> {
    let events = observed.events.iter().enumerate();
    events.filter_map(move |(place, (_, task, event))| {
        let opens = matches!(event, Event::Called(Call::Open { .. }));
        (opens && is_it(observed.process_of(*task))).then_some(place)
    })
}

/// The first process but the program itself that opens the file.
fn writer(observed: &Observed) -> Option<TaskIndex> {
    let opened = openings(observed, |process| process != 0).next()?;
    Some(observed.process_of(observed.events[opened].1))
}

/// Where a wait of the program has returned this process, or an ancestor of it that has
/// waited for it in the same way; without a process, any.
fn waited_for(observed: &Observed, process: Option<TaskIndex>) -> Option<usize> {
    let mut events = observed.events.iter().enumerate();
    let (place, by) = events.find_map(|(place, (_, task, event))| {
        let by = observed.process_of(*task);
        let is_it = |child| process.map_or(by == 0, |process| process == child);
        matches!(event, Event::Reaped(child) if is_it(*child)).then_some((place, by))
    })?;
    match (by, process) {
        (0, _) => Some(place),
        // A process is older than those that it waits for.
        (by, Some(process)) if by < process => waited_for(observed, Some(by)),
        _ => None,
    }
}

fn waits_for_the_child(seen: &[Seen]) -> Finding {
    let [seen, without_a_child] = seen else {
        return Ok(());
    };
    let observed = &seen.observed;
    let Some((_, first)) = observed.created(Kind::Process).next() else {
        ended(seen)?;
        let message = match observed.created(Kind::Thread).next() {
            Some(_) => "it starts a thread; a process is asked for",
            None => "it starts no process",
        };
        return Err(again(Problem::new(Verdict::NoWorker, message), seen));
    };

    // Before there is a child, nobody can wait for it.
    let mut opened = openings(observed, |process| process == 0);
    let opened = opened.find(|place| observed.events[*place].0 >= first.born);
    let writer = writer(observed);
    let did_not_wait = |what: &str| {
        let message = "it does not wait for the child that writes the file";
        let problem = Problem::new(Verdict::DidNotWait, message)
            .with("expected: a wait that returns this child, and then the file is opened")
            .with(format!("seen: {what}"));
        Err(again(problem, seen))
    };
    match (opened, waited_for(observed, writer)) {
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
    if writer.is_none() && !a_child_may_write(seen, without_a_child) {
        // It may have been killed before it could write, and the program noticed.
        ended_well(seen)?;
        let problem = Problem::new(Verdict::NoWorker, "no child of it writes the file");
        return Err(again(with_stderr(problem, seen), seen));
    }
    Ok(())
}

/// A child can write the file without opening it: it inherits the open file, or gives its
/// name to another one. Then the program itself opens it only once, and has nothing to
/// print without this child.
fn a_child_may_write(seen: &Seen, without_a_child: &Seen) -> bool {
    let opened = openings(&seen.observed, |process| process == 0).count();
    opened == 1 && stdout(seen).contains(MESSAGE) && !stdout(without_a_child).contains(MESSAGE)
}

fn prints_the_message(seen: &[Seen]) -> Finding {
    let [seen, ..] = seen else { return Ok(()) };
    ended_well(seen)?;
    if stdout(seen).lines().any(|line| line.trim() == MESSAGE) {
        return Ok(());
    }
    Err(wrong_message("it does not print the message", seen))
}

/// It does so itself, or has it done when the file is written.
fn reads_the_file(seen: &[Seen]) -> Finding {
    let [seen, ..] = seen else { return Ok(()) };
    let observed = &seen.observed;
    let mut its_own = openings(observed, |process| process == 0);
    let written = waited_for(observed, writer(observed));
    let mut of_anybody = openings(observed, |_| true);
    let mut is_read_later = || of_anybody.any(|place| written.is_some_and(|end| end < place));
    if its_own.next().is_some() || is_read_later() {
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
