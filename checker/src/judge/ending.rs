//! Checks how a program ended.

use super::plan::{Finding, Problem, Seen};
use super::report::Verdict;
use super::text::first_line;
use crate::wait_status::end_in_words;
use engine::{Call, End, Event, Kind, Limits, Observed, Stuck, TaskIndex, TaskRecord};
use nix::errno::Errno;
use std::collections::BTreeSet;
use std::time::Duration;

/// Checks that the program ended by itself. Returns its wait status.
pub(crate) fn ended(seen: &Seen) -> Result<i32, Problem> {
    let limits = Limits::default();
    let message = match seen.observed.end {
        End::Ended(status) => return Ok(status),
        End::Deadlock => match stuck(seen).collect::<Vec<_>>()[..] {
            [(index, task)] => format!(
                "it waits forever: only {} is left, and no other task can wake it",
                name(index, task)
            ),
            _ => "it waits forever: none of its tasks can go on".into(),
        },
        End::TimedOut => format!("it had not ended after {} seconds", limits.time.as_secs()),
        End::TooMuchOutput => return Err(too_much_output(seen).seen_in(seen)),
        End::TooManyTasks => format!(
            "it started more than {} threads and processes",
            limits.tasks
        ),
        End::TooMuchMemory => format!("it used more than {} MiB", limits.memory_bytes >> 20),
    };
    let verdict = match seen.observed.end {
        End::Deadlock | End::TimedOut => Verdict::TimedOut,
        _ => Verdict::Crashed,
    };
    let mut problem = Problem::new(verdict, message);
    if verdict == Verdict::TimedOut {
        // Many may wait at the same place.
        let mut places = BTreeSet::new();
        let elsewhere = stuck(seen).filter(|(_, task)| places.insert(&task.last_stack));
        for (index, task) in elsewhere.take(MOST_STUCK) {
            let how = format!("seen: {} {}", name(index, task), stuck_in(task));
            problem = problem.with(how).where_it_was(seen, index);
        }
        problem.evidence.extend(ended_tasks(seen));
    }
    Err(problem.seen_in(seen))
}

/// The limit on a program's output that it reached, and a line of the output.
fn too_much_output(seen: &Seen) -> Problem {
    let limits = Limits::default();
    let Observed { stdout, stderr, .. } = &seen.observed;
    let mut streams = [("standard output", stdout), ("standard error", stderr)].into_iter();
    let Some((name, bytes)) = streams.find(|(_, bytes)| bytes.len() >= limits.output_bytes) else {
        let message = format!(
            "it wrote more than {} bytes to files, or made more than {} files",
            limits.folder_bytes, limits.folder_entries
        );
        return Problem::new(Verdict::TooMuchOutput, message);
    };
    let message = format!("it wrote more than {} bytes to {name}", limits.output_bytes);
    let text = String::from_utf8_lossy(bytes);
    // The last line may be incomplete.
    let mut lines = text.lines().rev().skip(1);
    let line = lines.find(|line| !line.trim().is_empty()).unwrap_or(&text);
    Problem::new(Verdict::TooMuchOutput, message)
        .with(format!("seen: one of its last lines: {}", first_line(line)))
}

/// The tasks that had not ended by themselves.
fn stuck(seen: &Seen) -> impl Iterator<Item = (usize, &TaskRecord)> {
    let all = seen.observed.tasks.iter().enumerate();
    all.filter(|(_, task)| task.ended.is_none() || task.stuck.is_some())
}

/// The few tasks that had ended by themselves.
fn ended_tasks(seen: &Seen) -> Vec<String> {
    let killed_by_the_engine =
        |task: &TaskRecord| task.ended.is_none_or(|(_, how)| how == libc::SIGKILL);
    let all = seen.observed.tasks.iter().enumerate().skip(1);
    let ended = all.filter(|(_, task)| task.stuck.is_none() && !killed_by_the_engine(task));
    let ended = ended.map(|(index, task)| {
        let waited = match (task.kind, task.reaped_by) {
            (Kind::Process, None) => ", and no wait had returned it",
            _ => "",
        };
        format!("seen: {} had ended{waited}", name(index, task))
    });
    let ended: Vec<String> = ended.collect();
    if ended.len() > MOST_STUCK {
        Vec::new()
    } else {
        ended
    }
}

/// More entries would be too many to read.
const MOST_STUCK: usize = 5;

pub(super) fn name(index: usize, task: &TaskRecord) -> String {
    match (index, task.kind) {
        (0, _) => "the main thread".into(),
        (_, Kind::Thread) => format!("thread {index}"),
        (_, Kind::Process) => format!("process {index}"),
    }
}

/// The state of a task at the time limit.
fn stuck_in(task: &TaskRecord) -> &'static str {
    let call = match task.stuck {
        Some(Stuck::In(call)) => call,
        Some(Stuck::Stopped) => return "was stopped by a signal, and no process continued it",
        _ if task.released.is_none() && task.creator.is_some() => return "had not begun",
        _ => return "still ran",
    };
    match call {
        Call::WaitForChild => "waited for the end of a process",
        Call::Futex => "waited for another task: its end, a lock or a message",
        Call::Read => "waited for something to read",
        Call::Pause => "waited for a signal",
        Call::Sleep(_) => "slept",
        Call::TimedWait => "slept or waited for an event",
        Call::Write(_) => "waited until it could write",
        _ => "still ran",
    }
}

/// Checks that the program ended with exit status 0 and left no process behind.
pub(crate) fn ended_well(seen: &Seen) -> Finding {
    ended(seen)?;
    nothing_left(seen)?;
    succeeded(seen)
}

/// Checks that the program ended by itself, with exit status 0.
pub(crate) fn succeeded(seen: &Seen) -> Finding {
    let status = ended(seen)?;
    if status == 0 {
        return Ok(());
    }
    let problem = Problem::new(Verdict::Crashed, format!("it {}", end_in_words(status)));
    let mut problem = with_stderr(problem, seen);
    let mut events = seen.observed.events.iter();
    let by_child = events.find(|(_, task, event)| {
        *event == Event::Called(Call::Write(1)) && seen.observed.process_of(*task) != 0
    });
    if let Some((_, child, _)) = by_child {
        problem = problem.with(format!(
            "seen: process {child} printed something too, and not only the first process"
        ));
    }
    let problem = problem.where_it_was_killed(seen);
    Err(with_failed_wait(problem, seen).seen_in(seen))
}

/// Adds the wait that failed because there was no such child, if the task did nothing after it but
/// print and end.
fn with_failed_wait(problem: Problem, seen: &Seen) -> Problem {
    let events = &seen.observed.events;
    let is_failed = |(.., event): &(_, _, Event)| *event == Event::Failed(Errno::ECHILD);
    let Some(failed) = events.iter().rposition(is_failed) else {
        return problem;
    };
    let waiting = events[failed].1;
    let goes_on = |(_, task, event): &(_, TaskIndex, Event)| {
        let is_end = matches!(event, Event::Called(Call::Write(_) | Call::Exit));
        *task == waiting && !is_end && !matches!(event, Event::Signaled(_))
    };
    if events[failed + 1..].iter().any(goes_on) {
        return problem;
    }
    let before = match waited_for(&events[..failed], waiting).as_slice() {
        [] => String::new(),
        before => format!(". Before, it had waited for {}", before.join(", ")),
    };
    let task = name(waiting, &seen.observed.tasks[waiting]);
    let how = format!(
        "seen: {task} waited for a child, but this call failed: it has no such child{before}"
    );
    problem.with(how).where_it_was(seen, waiting)
}

/// The processes that waits of a task have returned.
fn waited_for(events: &[(Duration, TaskIndex, Event)], task: TaskIndex) -> Vec<String> {
    let reaped = events.iter().filter_map(|(_, waiting, event)| match event {
        Event::Reaped(child) if *waiting == task => Some(format!("process {child}")),
        _ => None,
    });
    reaped.collect()
}

/// Checks that no process outlived the program. A helper of another process that the checker has held
/// from its birth on could not even ask whether that process still was there.
pub(crate) fn nothing_left(seen: &Seen) -> Finding {
    let observed = &seen.observed;
    let counts = |process: &&TaskIndex| {
        let has_begun = observed.tasks[**process].released.is_some();
        has_begun || observed.parent_of(**process) == Some(0)
    };
    let left = observed.left_running.iter().filter(counts);
    let message = match left.collect::<Vec<_>>().as_slice() {
        [] => return Ok(()),
        [process] => format!("when it ended, process {process}, which it had created, still ran"),
        several => {
            let left = several.len();
            format!("when it ended, {left} processes, which it had created, still ran")
        }
    };
    let waited = match waited_for(&seen.observed.events, 0).as_slice() {
        [] => "no process".into(),
        some => some.join(", "),
    };
    let waited = format!("seen: it had waited for {waited}");
    let problem = Problem::new(Verdict::LeftRunning, message).with(waited);
    Err(problem.seen_in(seen))
}

/// Adds two lines of standard error to the evidence: the place and the message of the last panic, or
/// else the first two lines.
pub(crate) fn with_stderr(problem: Problem, seen: &Seen) -> Problem {
    let text = String::from_utf8_lossy(&seen.observed.stderr);
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    let lines: Vec<&str> = lines.collect();
    let panic = lines.iter().rposition(|line| line.contains("panicked at"));
    lines[panic.unwrap_or(0)..]
        .iter()
        .take(2)
        .fold(problem, |problem, line| {
            let line: String = line.chars().take(200).collect();
            problem.with(format!("standard error: {line}"))
        })
}
