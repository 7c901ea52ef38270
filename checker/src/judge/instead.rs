//! What a program does in the place of a wait.

use super::plan::Seen;
use engine::{Call, Event, Kind};
use std::time::Duration;

/// What the main thread does from the birth of the first worker to its first output, in words.
pub(crate) fn instead(seen: &Seen) -> String {
    let observed = &seen.observed;
    let born = observed
        .tasks
        .get(1)
        .map_or(Duration::ZERO, |worker| worker.born);
    let own = observed
        .events
        .iter()
        .filter(|(time, task, _)| *task == 0 && *time >= born);
    let is_output = |event: &Event| matches!(event, Event::Called(Call::Write(1 | 2) | Call::Exit));
    let events = own
        .map(|(.., event)| event)
        .take_while(|event| !is_output(event));
    let (mut slept, mut sleeps, mut asked, mut timed, mut others) = (Duration::ZERO, 0, 0, 0, 0);
    let mut reaped = Vec::new();
    for event in events {
        match event {
            Event::Called(Call::Sleep(time)) => {
                slept = slept.saturating_add(*time);
                sleeps += 1;
            }
            Event::Called(Call::AskForChild) => asked += 1,
            Event::Called(Call::TimedWait) => timed += 1,
            Event::Called(Call::Futex | Call::Read | Call::Pause) => others += 1,
            Event::Reaped(child) => reaped.push(*child),
            _ => {}
        }
    }
    let mut done = Vec::new();
    // Output is paced by shorter ones.
    if slept >= Duration::from_millis(1) {
        done.push(format!(
            "slept {}, for {} ms in all",
            times(sleeps),
            slept.as_millis()
        ));
    }
    if asked > 0 {
        done.push(format!(
            "asked {asked} times whether a child had ended (WNOHANG)"
        ));
    }
    if timed > 0 {
        done.push(format!("waited {} for a limited time", times(timed)));
    }
    if !reaped.is_empty() {
        let count = observed.created(Kind::Process).count();
        done.push(format!(
            "waited for {} of its {count} processes",
            reaped.len()
        ));
    }
    if others > 0 {
        done.push("waited for something else, such as a message or a lock".into());
    }
    match done.as_slice() {
        [] => "before its first output the main thread did not wait for anything".into(),
        done => format!(
            "before its first output the main thread {}",
            done.join(", and ")
        ),
    }
}

fn times(count: u32) -> String {
    match count {
        1 => "once".into(),
        count => format!("{count} times"),
    }
}
