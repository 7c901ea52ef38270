//! Makes lanes from the observations of a run: one for each thread or process.

use super::{Awaited, Fact, Lane, What};
use crate::format::escape::printable;
use engine::{Call, End, Event, Kind, Observed, TaskIndex, TaskRecord};
use std::time::Duration;

/// A lane for each task, with all that was observed.
pub(super) fn lanes(observed: &Observed) -> Vec<Lane> {
    let all = 0..observed.tasks.len();
    let last_event = observed.events.last().map(|(at, ..)| *at);
    let ends = observed.tasks.iter().filter_map(|task| task.ended);
    let ends = ends.map(|(at, _)| at);
    let run = Seen {
        observed,
        processes: all.clone().map(|task| observed.process_of(task)).collect(),
        last_event: last_event.unwrap_or_default(),
        end: ends.chain(last_event).max().unwrap_or_default(),
    };
    let mut events = vec![Vec::new(); observed.tasks.len()];
    for (at, task, event) in &observed.events {
        // The call itself was told before.
        if !matches!(event, Event::Blocked(_)) {
            events[*task].push((*at, event));
        }
    }
    all.map(|task| run.lane(task, &events[task])).collect()
}

/// A run, and what is asked about it again and again.
struct Seen<'a> {
    observed: &'a Observed,
    /// The process of each task.
    processes: Vec<TaskIndex>,
    last_event: Duration,
    /// When the last task ended or the last event happened.
    end: Duration,
}

/// The facts of a task up to now, and its state.
struct Track {
    facts: Vec<Fact>,
    state: Fact,
    /// When its sleep is over. No event tells of the end of a sleep.
    wakes_up: Option<Duration>,
}

impl Track {
    /// The task turns to another state.
    fn turn(&mut self, at: Duration, what: What, object: Option<TaskIndex>) {
        if self.state.from < at {
            self.facts.push(Fact {
                to: at,
                ..self.state
            });
        }
        self.state = fact(at, what, object);
    }

    /// The task wakes up, if its sleep is over before this time.
    fn wake_up(&mut self, at: Duration) {
        if let Some(woken) = self.wakes_up.take().filter(|woken| *woken < at) {
            self.turn(woken, What::Ran, None);
        }
    }
}

fn fact(at: Duration, what: What, object: Option<TaskIndex>) -> Fact {
    let (from, to) = (at, at);
    Fact {
        from,
        to,
        what,
        object,
    }
}

impl Seen<'_> {
    fn lane(&self, task: TaskIndex, events: &[(Duration, &Event)]) -> Lane {
        let record = &self.observed.tasks[task];
        let children = self.observed.tasks.iter().enumerate();
        let children = children.filter(|(_, child)| child.creator == Some(task));
        let mut track = Track {
            facts: children
                .map(|(child, record)| fact(record.born, What::Created, Some(child)))
                .collect(),
            state: fact(record.born, What::Held, None),
            wakes_up: None,
        };
        for &(at, event) in events {
            track.wake_up(at);
            if let Event::Called(Call::Sleep(time)) = event {
                track.wakes_up = Some(at.saturating_add(*time));
            }
            if let (Event::Reaped(child), What::Waited(Awaited::Child)) = (event, track.state.what)
            {
                track.state.object = Some(*child);
            }
            let (mark, state, object) = self.what(task, at, event);
            track.facts.extend(mark.map(|mark| fact(at, mark, None)));
            // Each call is a fact, so that they can be counted.
            if state != What::Ran || state != track.state.what {
                track.turn(at, state, object);
            }
        }
        let ended = record.ended.map_or(self.end, |(at, _)| at);
        track.wake_up(ended);
        track.turn(ended, self.ending(task), None);
        name_interrupted_waits(&mut track.facts);
        for fact in &mut track.facts {
            // A task that the system lets run as soon as it can was not held.
            if fact.what == What::Held && fact.to - fact.from < self.end / 400 {
                fact.what = What::Ran;
            }
        }
        track.facts.push(track.state);
        let name = self.name(task);
        Lane {
            label: match record.kind {
                Kind::Process => name.clone(),
                Kind::Thread => format!("{name} of process {}", self.processes[task]),
            },
            name,
            kind: record.kind,
            creator: record.creator,
            born: record.born,
            facts: track.facts,
        }
    }

    /// What a task is, its number, and its name, if that is not the one of its creator, which it
    /// was born with.
    fn name(&self, task: TaskIndex) -> String {
        let record = &self.observed.tasks[task];
        let kind = match record.kind {
            Kind::Process => "process",
            Kind::Thread => "thread",
        };
        let inherited = record.creator.map(|creator| &self.observed.tasks[creator]);
        let inherited = inherited.and_then(|creator| creator.name.as_ref());
        match (inherited, &record.name) {
            (Some(inherited), Some(name)) if name != inherited && !name.trim().is_empty() => {
                format!("{kind} {task} ({})", printable(name))
            }
            _ => format!("{kind} {task}"),
        }
    }

    /// What an event is, if it is drawn itself, and the state after it.
    fn what(
        &self,
        task: TaskIndex,
        at: Duration,
        event: &Event,
    ) -> (Option<What>, What, Option<TaskIndex>) {
        let is_of_same = |other: TaskIndex| self.processes[other] == self.processes[task];
        let (state, object) = match event {
            Event::Called(Call::Write(fd)) => return (Some(What::Wrote(*fd)), What::Ran, None),
            Event::Called(Call::AskForChild) => return (Some(What::Asked), What::Ran, None),
            Event::Executed => return (Some(What::Executed), What::Ran, None),
            Event::Signaled(signal) => return (Some(What::Got(*signal)), What::Ran, None),
            Event::Called(Call::WaitForChild) => {
                let child = self.the_only_one(task, at, |_, record| {
                    record.kind == Kind::Process && record.creator.is_some_and(is_of_same)
                });
                (What::Waited(Awaited::Child), child)
            }
            Event::Called(Call::Futex) => {
                let thread = self.the_only_one(task, at, |other, _| is_of_same(other));
                (What::Waited(Awaited::Thread), thread)
            }
            Event::Called(Call::Read) => (What::Waited(Awaited::Input), None),
            Event::Called(Call::Pause) => (What::Waited(Awaited::Signal), None),
            Event::Called(Call::Sleep(_) | Call::TimedWait) => (What::Slept, None),
            _ => (What::Ran, None),
        };
        (None, state, object)
    }

    /// The other task that fulfils this and is there at this time, if only one does.
    fn the_only_one(
        &self,
        task: TaskIndex,
        at: Duration,
        is_it: impl Fn(TaskIndex, &TaskRecord) -> bool,
    ) -> Option<TaskIndex> {
        let is_there = |record: &TaskRecord| {
            record.born <= at && record.ended.is_none_or(|(ended, _)| at < ended)
        };
        let tasks = self.observed.tasks.iter().enumerate();
        let mut found = tasks
            .filter(|(other, record)| *other != task && is_there(record) && is_it(*other, record));
        let first = found.next().map(|(task, _)| task);
        first.filter(|_| found.next().is_none())
    }

    /// The engine kills what is left when the run is over. That is not how the
    /// task would have ended.
    fn ending(&self, task: TaskIndex) -> What {
        let record = &self.observed.tasks[task];
        let Some((at, status)) = record.ended else {
            return What::StillThere;
        };
        let signal = libc::WIFSIGNALED(status).then(|| libc::WTERMSIG(status));
        let is_left = match self.observed.end {
            End::Ended(_) => self.observed.left_running.contains(&self.processes[task]),
            // Nothing else is observed once the engine has begun to kill.
            _ => signal == Some(libc::SIGKILL) && at >= self.last_event,
        };
        match (signal, record.kind) {
            _ if is_left => What::StillThere,
            (Some(signal), _) => What::Killed(signal),
            (None, Kind::Thread) => What::Returned,
            (None, Kind::Process) => What::Exited(libc::WEXITSTATUS(status)),
        }
    }
}

/// A wait that a signal has interrupted is begun anew. It is for the child that
/// ends it at last.
fn name_interrupted_waits(facts: &mut [Fact]) {
    let mut next = None;
    for fact in facts.iter_mut().rev() {
        match fact.what {
            What::Waited(Awaited::Child) => {
                fact.object = fact.object.or(next);
                next = fact.object;
            }
            What::Slept | What::Held | What::Waited(_) => next = None,
            _ => {}
        }
    }
}
