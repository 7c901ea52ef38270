//! From what was observed to lanes.

use super::{Awaited, Ending, Lane, Mark, Segment, State};
use crate::format::escape::printable;
use engine::{Call, End, Event, Kind, Observed, TaskIndex, TaskRecord};
use std::time::Duration;

/// A lane for each task, with all that was observed.
pub(super) fn lanes(observed: &Observed) -> Vec<Lane> {
    let all = 0..observed.tasks.len();
    let run = Seen {
        observed,
        processes: all.clone().map(|task| observed.process_of(task)).collect(),
        end: end_of_run(observed),
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

/// When the last task ended or the last event happened.
fn end_of_run(observed: &Observed) -> Duration {
    let ends = observed.tasks.iter().filter_map(|task| task.ended);
    let ends = ends.map(|(at, _)| at);
    ends.chain(last_event(observed)).max().unwrap_or_default()
}

fn last_event(observed: &Observed) -> Option<Duration> {
    observed.events.last().map(|(at, ..)| *at)
}

/// A run, and what is asked about it again and again.
struct Seen<'a> {
    observed: &'a Observed,
    /// The process of each task.
    processes: Vec<TaskIndex>,
    end: Duration,
}

impl Seen<'_> {
    fn lane(&self, task: TaskIndex, events: &[(Duration, &Event)]) -> Lane {
        let record = &self.observed.tasks[task];
        let (name, label) = self.names(task);
        let ended = record.ended.map_or(self.end, |(at, _)| at);
        let mut lane = Lane {
            name,
            label,
            kind: record.kind,
            creator: record.creator,
            born: record.born,
            segments: Vec::new(),
            marks: Vec::new(),
            ended,
            ending: self.ending(task),
        };
        let mut now = Segment {
            from: record.born,
            to: record.born,
            state: State::Held,
        };
        let mut wakes_up = None;
        for &(at, event) in events {
            let segments = &mut lane.segments;
            now = woken_up(now, wakes_up.take(), at, segments);
            if let Event::Called(Call::Sleep(time)) = event {
                wakes_up = Some(at.saturating_add(*time));
            }
            if let Some(mark) = mark(event) {
                lane.marks.push((at, mark));
            }
            if let (Event::Reaped(child), State::Waiting(Awaited::Child(_))) = (event, now.state) {
                now.state = State::Waiting(Awaited::Child(Some(*child)));
            }
            let state = self.state_after(task, at, event);
            // Each call is a segment, so that they can be counted.
            if state != State::Running || state != now.state {
                push(&mut lane.segments, Segment { to: at, ..now });
                now = Segment {
                    from: at,
                    to: at,
                    state,
                };
            }
        }
        now = woken_up(now, wakes_up, ended, &mut lane.segments);
        push(&mut lane.segments, Segment { to: ended, ..now });
        name_interrupted_waits(&mut lane.segments);
        lane
    }

    /// The short name of a task, and the one with its process.
    fn names(&self, task: TaskIndex) -> (String, String) {
        let given = self.given_name(task);
        let given = given.map_or(String::new(), |name| format!(" ({name})"));
        match self.observed.tasks[task].kind {
            Kind::Process => {
                let name = format!("process {task}{given}");
                (name.clone(), name)
            }
            Kind::Thread => {
                let name = format!("thread {task}{given}");
                let label = format!("{name} of process {}", self.processes[task]);
                (name, label)
            }
        }
    }

    /// The name of a task, if it is not that of its creator, which it was born with.
    fn given_name(&self, task: TaskIndex) -> Option<String> {
        let record = &self.observed.tasks[task];
        let inherited = self.observed.tasks[record.creator?].name.as_ref()?;
        let name = record.name.as_ref()?;
        let is_given = name != inherited && !name.trim().is_empty();
        is_given.then(|| printable(name))
    }

    fn state_after(&self, task: TaskIndex, at: Duration, event: &Event) -> State {
        let Event::Called(call) = event else {
            return State::Running;
        };
        match call {
            Call::WaitForChild => {
                let child = self.the_only_one(at, |other, record| {
                    let creator = record.creator.map(|creator| self.processes[creator]);
                    other != task
                        && record.kind == Kind::Process
                        && creator == Some(self.processes[task])
                });
                State::Waiting(Awaited::Child(child))
            }
            Call::Futex => {
                let thread = self.the_only_one(at, |other, _| {
                    other != task && self.processes[other] == self.processes[task]
                });
                State::Waiting(Awaited::Thread(thread))
            }
            Call::Read => State::Waiting(Awaited::Input),
            Call::Pause => State::Waiting(Awaited::Signal),
            Call::Sleep(_) | Call::TimedWait => State::Sleeping,
            Call::Write(_) | Call::AskForChild | Call::Exit => State::Running,
        }
    }

    /// The task that fulfils this and is there at this time, if only one does.
    fn the_only_one(
        &self,
        at: Duration,
        is_it: impl Fn(TaskIndex, &TaskRecord) -> bool,
    ) -> Option<TaskIndex> {
        let is_there = |record: &TaskRecord| {
            record.born <= at && record.ended.is_none_or(|(ended, _)| at < ended)
        };
        let tasks = self.observed.tasks.iter().enumerate();
        let mut found = tasks.filter(|(other, record)| is_there(record) && is_it(*other, record));
        let first = found.next().map(|(task, _)| task);
        first.filter(|_| found.next().is_none())
    }

    /// The engine kills what is left when the run is over. That is not how the
    /// task would have ended.
    fn ending(&self, task: TaskIndex) -> Ending {
        let Some((at, status)) = self.observed.tasks[task].ended else {
            return Ending::StillThere;
        };
        let is_left = match self.observed.end {
            End::Ended(_) => self.observed.left_running.contains(&self.processes[task]),
            // Nothing else is observed once the engine has begun to kill.
            _ => {
                Ending::of(status) == Ending::Killed(libc::SIGKILL)
                    && last_event(self.observed).is_none_or(|last| at >= last)
            }
        };
        if is_left {
            Ending::StillThere
        } else {
            Ending::of(status)
        }
    }
}

fn mark(event: &Event) -> Option<Mark> {
    match event {
        Event::Called(Call::Write(fd)) => Some(Mark::Write(*fd)),
        Event::Called(Call::AskForChild) => Some(Mark::Ask),
        Event::Executed => Some(Mark::Execute),
        Event::Signaled(signal) => Some(Mark::Signal(*signal)),
        Event::Called(_)
        | Event::Released
        | Event::Reaped(_)
        | Event::Returned
        | Event::Blocked(_) => None,
    }
}

/// What goes on at a time, if a sleep has ended at an earlier one. Nothing tells of
/// the end of a sleep; it is known beforehand.
fn woken_up(
    now: Segment,
    wakes_up: Option<Duration>,
    at: Duration,
    segments: &mut Vec<Segment>,
) -> Segment {
    let Some(woken) = wakes_up.filter(|&woken| woken < at) else {
        return now;
    };
    push(segments, Segment { to: woken, ..now });
    Segment {
        from: woken,
        to: woken,
        state: State::Running,
    }
}

/// Adds a segment that takes time.
fn push(segments: &mut Vec<Segment>, segment: Segment) {
    if segment.from < segment.to {
        segments.push(segment);
    }
}

/// A wait that a signal has interrupted is begun anew. It is for the child that
/// ends it at last.
fn name_interrupted_waits(segments: &mut [Segment]) {
    let mut next = None;
    for segment in segments.iter_mut().rev() {
        match &mut segment.state {
            State::Waiting(Awaited::Child(child)) => {
                *child = child.or(next);
                next = *child;
            }
            State::Running => {}
            _ => next = None,
        }
    }
}

/// Joins what is too short to be seen with what is beside it.
pub(super) fn simplify(segments: &mut Vec<Segment>, shortest: Duration) {
    let is_short = |segment: &Segment| segment.to - segment.from < shortest;
    // Nobody is held by a system that lets everybody run.
    if let [held, next, ..] = segments.as_mut_slice()
        && held.state == State::Held
        && is_short(held)
    {
        held.state = next.state;
    }
    let mut joined: Vec<Segment> = Vec::new();
    let together = |a: &Segment, b: &Segment| is_short(a) && is_short(b);
    for several in segments.chunk_by(together) {
        let (Some(first), Some(last)) = (several.first(), several.last()) else {
            continue;
        };
        let next = Segment {
            from: first.from,
            to: last.to,
            state: longest(several),
        };
        if let [.., before, between] = joined.as_slice()
            && is_short(between)
            && before.state == next.state
        {
            joined.pop();
        }
        match joined.last_mut() {
            Some(last) if last.state == next.state => last.to = next.to,
            _ => joined.push(next),
        }
    }
    *segments = joined;
}

/// The state that takes most of the time.
fn longest(segments: &[Segment]) -> State {
    let mut times: Vec<(State, Duration)> = Vec::new();
    for segment in segments {
        let time = segment.to - segment.from;
        match times.iter_mut().find(|(state, _)| *state == segment.state) {
            Some((_, sum)) => *sum += time,
            None => times.push((segment.state, time)),
        }
    }
    let longest = times.into_iter().max_by_key(|(_, time)| *time);
    longest.map_or(State::Running, |(state, _)| state)
}
