//! From what was observed to lanes.

use super::{Awaited, Ending, Lane, Mark, Segment, State};
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

/// The segments of a task up to now, and what it does now.
struct Track {
    segments: Vec<Segment>,
    since: Duration,
    state: State,
    /// When its sleep is over. No event tells of the end of a sleep.
    wakes_up: Option<Duration>,
}

impl Track {
    /// The task turns to another state.
    fn turn(&mut self, at: Duration, state: State) {
        let (from, to) = (self.since, at);
        if from < to {
            let state = self.state;
            self.segments.push(Segment { from, to, state });
        }
        (self.since, self.state) = (at, state);
    }

    /// The task wakes up, if its sleep is over before this time.
    fn wake_up(&mut self, at: Duration) {
        if let Some(woken) = self.wakes_up.take().filter(|woken| *woken < at) {
            self.turn(woken, State::Running);
        }
    }
}

impl Seen<'_> {
    fn lane(&self, task: TaskIndex, events: &[(Duration, &Event)]) -> Lane {
        let record = &self.observed.tasks[task];
        let mut track = Track {
            segments: Vec::new(),
            since: record.born,
            state: State::Held,
            wakes_up: None,
        };
        for &(at, event) in events {
            track.wake_up(at);
            if let Event::Called(Call::Sleep(time)) = event {
                track.wakes_up = Some(at.saturating_add(*time));
            }
            if let (Event::Reaped(child), State::Waiting(Awaited::Child, awaited)) =
                (event, &mut track.state)
            {
                *awaited = Some(*child);
            }
            let state = self.state_after(task, at, event);
            // Each call is a segment, so that they can be counted.
            if state != State::Running || state != track.state {
                track.turn(at, state);
            }
        }
        let ended = record.ended.map_or(self.end, |(at, _)| at);
        track.wake_up(ended);
        track.turn(ended, State::Running);
        name_interrupted_waits(&mut track.segments);
        // A task that the system lets run as soon as it can was not held.
        if let Some(held) = track.segments.first_mut()
            && held.state == State::Held
            && held.to - held.from < self.end / 400
        {
            held.state = State::Running;
        }
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
            segments: track.segments,
            marks: events
                .iter()
                .filter_map(|(at, event)| Some((*at, mark(event)?)))
                .collect(),
            ended,
            ending: self.ending(task),
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

    fn state_after(&self, task: TaskIndex, at: Duration, event: &Event) -> State {
        let Event::Called(call) = event else {
            return State::Running;
        };
        match call {
            Call::WaitForChild => {
                let child = self.the_only_one(task, at, |_, record| {
                    let creator = record.creator.map(|creator| self.processes[creator]);
                    record.kind == Kind::Process && creator == Some(self.processes[task])
                });
                State::Waiting(Awaited::Child, child)
            }
            Call::Futex => {
                let thread = self.the_only_one(task, at, |other, _| {
                    self.processes[other] == self.processes[task]
                });
                State::Waiting(Awaited::Thread, thread)
            }
            Call::Read => State::Waiting(Awaited::Input, None),
            Call::Pause => State::Waiting(Awaited::Signal, None),
            Call::Sleep(_) | Call::TimedWait => State::Sleeping,
            Call::Write(_) | Call::AskForChild | Call::Exit => State::Running,
        }
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
    fn ending(&self, task: TaskIndex) -> Ending {
        let record = &self.observed.tasks[task];
        let Some((at, status)) = record.ended else {
            return Ending::StillThere;
        };
        let signal = libc::WIFSIGNALED(status).then(|| libc::WTERMSIG(status));
        let is_left = match self.observed.end {
            End::Ended(_) => self.observed.left_running.contains(&self.processes[task]),
            // Nothing else is observed once the engine has begun to kill.
            _ => signal == Some(libc::SIGKILL) && at >= self.last_event,
        };
        match (signal, record.kind) {
            _ if is_left => Ending::StillThere,
            (Some(signal), _) => Ending::Killed(signal),
            (None, Kind::Thread) => Ending::Returned,
            (None, Kind::Process) => Ending::Exited(libc::WEXITSTATUS(status)),
        }
    }
}

fn mark(event: &Event) -> Option<Mark> {
    match event {
        Event::Called(Call::Write(fd)) => Some(Mark::Write(*fd)),
        Event::Called(Call::AskForChild) => Some(Mark::Ask),
        Event::Executed => Some(Mark::Execute),
        Event::Signaled(signal) => Some(Mark::Signal(*signal)),
        _ => None,
    }
}

/// A wait that a signal has interrupted is begun anew. It is for the child that
/// ends it at last.
fn name_interrupted_waits(segments: &mut [Segment]) {
    let mut next = None;
    for segment in segments.iter_mut().rev() {
        match &mut segment.state {
            State::Waiting(Awaited::Child, child) => {
                *child = child.or(next);
                next = *child;
            }
            State::Running => {}
            _ => next = None,
        }
    }
}
