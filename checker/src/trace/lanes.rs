//! Makes lanes from the observations of a run: one for each thread or process.

use super::{Fact, Lane, What};
use crate::format::escape::printable;
use engine::{Call, End, Event, Kind, Observed, TaskIndex, TaskRecord};
use std::mem;
use std::time::Duration;

/// A lane for each task, with all that was observed.
pub(super) fn lanes(observed: &Observed) -> Vec<Lane> {
    let last_event = observed.events.last().map(|(at, ..)| *at);
    let ends = observed.tasks.iter().filter_map(|task| task.ended);
    // When the last task ended or the last event happened.
    let end = ends.map(|(at, _)| at).chain(last_event).max();
    let lane = |task| lane(observed, task, end.unwrap_or_default());
    (0..observed.tasks.len()).map(lane).collect()
}

fn fact(at: Duration, what: What, object: Option<TaskIndex>) -> Fact {
    Fact {
        from: at,
        to: at,
        what,
        object,
    }
}

fn lane(observed: &Observed, task: TaskIndex, end_of_run: Duration) -> Lane {
    let record = &observed.tasks[task];
    let children = observed.tasks.iter().enumerate();
    let children = children.filter(|(_, child)| child.creator == Some(task));
    let created = children.map(|(child, record)| fact(record.born, What::Created, Some(child)));
    let mut facts: Vec<Fact> = created.collect();

    // The program itself begins with an `execve`. It does not become another program by that.
    let mut is_start = task == 0;
    let mut states = vec![fact(record.born, What::Held, None)];
    let events = observed.events.iter().filter(|(_, of, _)| *of == task);
    for &(at, _, ref event) in events {
        // Something else has ended the sleep.
        states.pop_if(|state| state.from > at);
        let is_wait = |state: &&mut Fact| state.what == What::Waited(Call::WaitForChild);
        if let (Event::Reaped(child), Some(wait)) = (event, states.last_mut().filter(is_wait)) {
            wait.object = Some(*child);
        }
        let (state, mark) = match event {
            // The call itself was told before.
            Event::Blocked(_) | Event::Polled => continue,
            Event::Called(Call::Sleep(_) | Call::TimedWait) => (What::Slept, None),
            Event::Called(call @ (Call::WaitForChild | Call::Futex | Call::Read | Call::Pause)) => {
                (What::Waited(*call), None)
            }
            Event::Called(Call::Write(fd)) => (What::Ran, Some(What::Wrote(*fd))),
            Event::Called(Call::AskForChild) => (What::Ran, Some(What::Asked)),
            Event::Executed if !mem::take(&mut is_start) => (What::Ran, Some(What::Executed)),
            Event::Signaled(signal) => (What::Ran, Some(What::Got(*signal))),
            _ => (What::Ran, None),
        };
        facts.extend(mark.map(|mark| fact(at, mark, None)));
        // Each call is a fact, so that they can be counted.
        if state != What::Ran || states.last().is_none_or(|last| last.what != state) {
            states.push(fact(at, state, the_only_awaited(observed, task, at, state)));
        }
        // No event tells of the end of a sleep.
        if let Event::Called(Call::Sleep(time)) = event {
            states.push(fact(at.saturating_add(*time), What::Ran, None));
        }
    }
    let ended = record.ended.map_or(end_of_run, |(at, _)| at);
    states.pop_if(|state| state.from > ended);
    // Each state lasts until the next one.
    let mut next = ended;
    for state in states.iter_mut().rev() {
        state.to = mem::replace(&mut next, state.from);
        // A task that the system lets run as soon as it can was not held.
        if state.what == What::Held && state.to - state.from < end_of_run / 400 {
            state.what = What::Ran;
        }
    }
    states.retain(|state| state.from < state.to);
    name_interrupted_waits(&mut states);
    facts.extend(states);
    facts.push(fact(ended, ending(observed, task), None));

    let name = name(observed, task);
    Lane {
        label: match record.kind {
            Kind::Process => name.clone(),
            Kind::Thread => format!("{name} of process {}", observed.process_of(task)),
        },
        name,
        kind: record.kind,
        creator: record.creator,
        born: record.born,
        facts,
    }
}

/// What a task is, its number, and its name, if that is not the one of its creator, which it
/// was born with.
fn name(observed: &Observed, task: TaskIndex) -> String {
    let record = &observed.tasks[task];
    let kind = match record.kind {
        Kind::Process => "process",
        Kind::Thread => "thread",
    };
    let inherited = record.creator.map(|creator| &observed.tasks[creator]);
    let inherited = inherited.and_then(|creator| creator.name.as_ref());
    match (inherited, &record.name) {
        (Some(inherited), Some(name)) if name != inherited && !name.trim().is_empty() => {
            format!("{kind} {task} ({})", printable(name))
        }
        _ => format!("{kind} {task}"),
    }
}

/// The other task that a task in this state waits for at this time, if it can be only one.
fn the_only_awaited(
    observed: &Observed,
    task: TaskIndex,
    at: Duration,
    state: What,
) -> Option<TaskIndex> {
    let process = observed.process_of(task);
    let is_awaited = |other: TaskIndex, record: &TaskRecord| match state {
        What::Waited(Call::WaitForChild) => {
            record.kind == Kind::Process && observed.parent_of(other) == Some(process)
        }
        What::Waited(Call::Futex) => observed.process_of(other) == process,
        _ => false,
    };
    let is_there =
        |record: &TaskRecord| record.born <= at && record.ended.is_none_or(|(ended, _)| at < ended);
    let tasks = observed.tasks.iter().enumerate();
    let mut found = tasks
        .filter(|(other, record)| *other != task && is_there(record) && is_awaited(*other, record));
    let first = found.next().map(|(task, _)| task);
    first.filter(|_| found.next().is_none())
}

/// The engine kills what is left when the run is over. That is not how the
/// task would have ended.
fn ending(observed: &Observed, task: TaskIndex) -> What {
    let record = &observed.tasks[task];
    let Some((at, status)) = record.ended else {
        return What::StillThere;
    };
    let signal = libc::WIFSIGNALED(status).then_some(libc::WTERMSIG(status));
    let is_left = match observed.end {
        End::Ended(_) => observed.left_running.contains(&observed.process_of(task)),
        // Nothing else is observed once the engine has begun to kill.
        _ => {
            let last_event = observed.events.last();
            signal == Some(libc::SIGKILL) && last_event.is_none_or(|(last, ..)| at >= *last)
        }
    };
    match (signal, record.kind) {
        _ if is_left => What::StillThere,
        (Some(signal), _) => What::Killed(signal),
        (None, Kind::Thread) => What::Returned,
        (None, Kind::Process) => What::Exited(libc::WEXITSTATUS(status)),
    }
}

/// A wait that a signal has interrupted is begun anew. It is for the child that
/// ends it at last.
fn name_interrupted_waits(facts: &mut [Fact]) {
    let mut next = None;
    for fact in facts.iter_mut().rev() {
        match fact.what {
            What::Waited(Call::WaitForChild) => {
                fact.object = fact.object.or(next);
                next = fact.object;
            }
            What::Slept | What::Held | What::Waited(_) => next = None,
            _ => {}
        }
    }
}
