//! Describes what a program does instead of waiting.

use super::plan::Seen;
use engine::{Call, Event, Kind};
use std::time::Duration;

/// Describes the main thread's actions from the birth of the first worker to the first output.
pub(crate) fn instead(seen: &Seen) -> String {
    let observed = &seen.observed;
    let worker = observed.tasks.get(1);
    let born = worker.map_or(Duration::ZERO, |worker| worker.born);
    let is_output = |event: &Event| matches!(event, Event::Called(Call::Write(1 | 2) | Call::Exit));
    let all = observed.events.iter();
    let own = all.filter(|(time, task, _)| *task == 0 && *time >= born);
    let events = own.map(|(.., event)| event);
    let events = events.take_while(|event| !is_output(event));
    let (mut slept, mut sleeps, mut asked, mut timed, mut others) = (Duration::ZERO, 0, 0, 0, 0);
    let (mut reaped, mut fails) = (Vec::new(), 0);
    let mut waits_for_child = false;
    for event in events {
        match event {
            Event::Called(Call::WaitForChild) => waits_for_child = true,
            Event::Returned if waits_for_child => fails += 1,
            // Programs pace their output with shorter sleeps.
            Event::Called(Call::Sleep(time)) if *time >= Duration::from_millis(1) => {
                slept = slept.saturating_add(*time);
                sleeps += 1;
            }
            Event::Called(Call::AskForChild) => asked += 1,
            Event::Called(Call::TimedWait) => timed += 1,
            Event::Blocked(Call::Futex | Call::Read | Call::Pause | Call::Write(_)) => others += 1,
            Event::Reaped(child) => reaped.push(*child),
            _ => {}
        }
        waits_for_child &= !matches!(event, Event::Returned | Event::Reaped(_));
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
    if fails > 0 {
        done.push("waited for a child, but waitpid(2) failed (EINTR or ECHILD)".into());
    }
    let processes = observed.created(Kind::Process).count();
    match reaped.as_slice() {
        [] => {}
        all if all.len() == processes => done.push("waited for its processes, but too late".into()),
        [process] => done.push(format!("waited for the end of process {process} only")),
        some => {
            let some = some.len();
            done.push(format!(
                "waited for the ends of {some} of {processes} processes"
            ));
        }
    }
    if others > 0 {
        done.push("waited for something other than the end, such as a message or a lock".into());
    }
    let done = match done.as_slice() {
        [] => "was not seen to wait for it".into(),
        done => done.join(", and "),
    };
    format!("before its first output the main thread {done}")
}

fn times(count: u32) -> String {
    match count {
        1 => "once".into(),
        count => format!("{count} times"),
    }
}
