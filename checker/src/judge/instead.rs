//! Describes what a program does instead of waiting.

use super::plan::Seen;
use engine::{Call, Event, Kind, Observed, TaskIndex, TaskRecord};
use std::mem;
use std::time::Duration;

/// The events of the main thread since the birth of the first worker.
fn own_events(seen: &Seen) -> impl Iterator<Item = &(Duration, TaskIndex, Event)> {
    let Observed { tasks, events, .. } = &seen.observed;
    let born = tasks.get(1).map_or(Duration::ZERO, |worker| worker.born);
    let events = events.iter();
    events.filter(move |(time, task, _)| *task == 0 && *time >= born)
}

/// The time of the main thread's first output since the birth of the first worker.
pub(crate) fn first_output(seen: &Seen) -> Duration {
    let is_output = |event: &Event| matches!(event, Event::Called(Call::Write(1 | 2) | Call::Exit));
    let output = own_events(seen).find(|(.., event)| is_output(event));
    output.map_or(Duration::MAX, |(time, ..)| *time)
}

/// Describes the main thread's actions from the birth of the first worker to the first output.
pub(super) fn instead(seen: &Seen) -> String {
    let observed = &seen.observed;
    let output = first_output(seen);
    let events = own_events(seen).take_while(|(time, ..)| *time < output);
    let (mut slept, mut sleeps, mut asked, mut timed, mut others) = (Duration::ZERO, 0, 0, 0, 0);
    let (mut reaped, mut failure) = (Vec::new(), None);
    let (mut is_waiting, mut returned, mut polled) = (false, false, false);
    for (.., event) in events {
        match event {
            Event::Called(Call::WaitForChild) => is_waiting = true,
            // If the wait had returned a child, there would be another event.
            Event::Returned => returned |= mem::take(&mut is_waiting),
            Event::Failed(errno) => {
                failure = Some(*errno);
                is_waiting = false;
            }
            // Programs pace their output with shorter sleeps.
            Event::Called(Call::Sleep(time)) if *time >= Duration::from_millis(1) => {
                slept = slept.saturating_add(*time);
                sleeps += 1;
            }
            Event::Called(Call::AskForChild) => asked += 1,
            Event::Called(Call::TimedWait) => timed += 1,
            Event::Polled => polled = true,
            Event::Blocked(Call::Futex | Call::Read | Call::Pause | Call::Write(_)) => others += 1,
            Event::Reaped(child) => {
                reaped.push(*child);
                failure = None;
                is_waiting = false;
            }
            _ => {}
        }
    }
    let mut done = Vec::new();
    if sleeps > 0 {
        let (sleeps, ms) = (times(sleeps), slept.as_millis());
        done.push(format!(
            "slept {sleeps}, for {ms} ms in all (the checker shortens sleeps)"
        ));
    }
    if asked > 0 {
        let asked = times(asked);
        done.push(format!("asked {asked} whether a child had ended (WNOHANG)"));
    }
    if timed > 0 {
        done.push(format!("waited {} for a limited time", times(timed)));
    }
    if let Some(errno) = failure {
        done.push(format!("waited for a child, but this call failed: {errno}"));
    }
    if returned {
        done.push("waited for a child, but this wait returned before the child had ended".into());
    }
    let processes = observed.created(Kind::Process).count();
    match reaped.as_slice() {
        [] => {}
        all if all.len() == processes => done.push("waited for its processes, but too late".into()),
        [process] => done.push(format!("waited for the end of process {process} only")),
        some => done.push(format!(
            "waited for the ends of {} of {processes} processes",
            some.len()
        )),
    }
    let threads = || observed.created(Kind::Thread);
    let is_joined =
        |task: &TaskRecord| task.is_joined && task.ending.is_some_and(|end| end < output);
    let joined = threads().filter(|(_, task)| is_joined(task)).count();
    if joined > 0 {
        let all = threads().count();
        done.push(format!("waited for the ends of {joined} of {all} threads"));
    }
    if others > joined {
        let has_begun = |task: &TaskRecord| {
            task.released == Some(0) && task.ending.is_none_or(|end| end >= output)
        };
        let begun = match observed.tasks[1..].iter().any(has_begun) {
            true => " (a worker had begun, and not ended)",
            false => "",
        };
        done.push(format!(
            "waited for something other than the end, such as a message or a lock, and that came \
             too early{begun}"
        ));
    }
    let early = &observed.tasks[0].early_stacks;
    let waits = early.iter().any(|early| early.is_wait && early.at < output);
    let mut actions = early.iter();
    let action = actions.find(|early| !early.is_wait && early.at >= output);
    // Most of that time was skipped, and some has passed.
    let looked = action.filter(|early| early.looked >= Duration::from_secs(1));
    let born = observed.tasks.get(1).map_or(Duration::ZERO, |one| one.born);
    let looked = looked.map_or(0, |early| (early.looked + early.at - born).as_secs());
    let joins = |task: &TaskRecord| task.is_joined && task.ending.is_some_and(|end| end >= output);
    let reaps = |event: &Event| matches!(event, Event::Reaped(_));
    let mut later = own_events(seen).skip_while(|(time, ..)| *time < output);
    let waits_later =
        threads().any(|(_, task)| joins(task)) || later.any(|(.., event)| reaps(event));
    let done = match done.as_slice() {
        [] if looked > 0 => {
            format!("only looked at the clock again and again, for {looked} s by that clock")
        }
        [] if polled => {
            "looked again and again at something other than the end of this worker".into()
        }
        [] if waits => "waited for something other than the end of this worker".into(),
        [] if waits_later => "did not wait".into(),
        [] => "was not seen to wait for it".into(),
        done => done.join(", and "),
    };
    let later = match waits_later {
        true => "; it waits only after its output",
        false => "",
    };
    format!("before its first output the main thread {done}{later}")
}

fn times(count: u32) -> String {
    match count {
        1 => "once".into(),
        count => format!("{count} times"),
    }
}
