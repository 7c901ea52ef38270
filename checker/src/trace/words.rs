//! What happened, in words.

use super::{Awaited, Ending, Lane, Mark, State};
use crate::wait_status::signal_in_words;
use engine::{Kind, TaskIndex};
use std::time::Duration;

/// No sleep is shorter, `PR_SET_TIMERSLACK(2const)`. What is shorter has only asked
/// whether something is there, with a timeout of 0.
const SHORTEST_SLEEP: Duration = Duration::from_micros(50);

/// Of more tasks there would be too many sentences, if all were in the order of time.
const FEW: usize = 9;

/// Something that happened, once or several times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// When it happened first, or began.
    pub from: Duration,
    /// When it happened last, or ended.
    pub to: Duration,
    /// What happened.
    pub text: String,
}

/// What happened, each with all that it happened to.
struct Group {
    what: What,
    subjects: Vec<TaskIndex>,
    objects: Vec<TaskIndex>,
    count: usize,
    from: Duration,
    to: Duration,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    Created,
    Waited(Awaited),
    Slept,
    Marked(Mark),
    Ended(Kind, Ending),
}

impl What {
    /// A program may do so hundreds of times, between other things.
    fn is_aside(self) -> bool {
        matches!(
            self,
            Self::Slept | Self::Marked(Mark::Write(_) | Mark::Ask | Mark::Signal(libc::SIGCHLD))
        )
    }
}

#[derive(Default)]
struct Groups(Vec<Group>);

/// All that happened, in the order of time.
pub(super) fn sentences(lanes: &[Lane]) -> Vec<Sentence> {
    let mut all = Vec::new();
    for (task, lane) in lanes.iter().enumerate() {
        let mut add = |subject, what, object, from, to| all.push((from, to, subject, what, object));
        if let Some(creator) = lane.creator {
            add(creator, What::Created, Some(task), lane.born, lane.born);
        }
        for segment in &lane.segments {
            let (what, object) = match segment.state {
                State::Held | State::Running => continue,
                State::Sleeping if segment.to - segment.from < SHORTEST_SLEEP => continue,
                State::Sleeping => (What::Slept, None),
                State::Waiting(Awaited::Child(child)) => {
                    (What::Waited(Awaited::Child(None)), child)
                }
                State::Waiting(Awaited::Thread(thread)) => {
                    (What::Waited(Awaited::Thread(None)), thread)
                }
                State::Waiting(awaited) => (What::Waited(awaited), None),
            };
            add(task, what, object, segment.from, segment.to);
        }
        for &(at, mark) in &lane.marks {
            add(task, What::Marked(mark), None, at, at);
        }
        add(
            task,
            What::Ended(lane.kind, lane.ending),
            None,
            lane.ended,
            lane.ended,
        );
    }
    all.sort_by_key(|(from, to, ..)| (*from, *to));
    let mut groups = Groups::default();
    for (from, to, subject, what, object) in all {
        let born = (lanes.len() <= FEW).then(|| lanes[subject].born);
        groups.add(subject, what, object, (from, to), born);
    }
    groups.0.iter().map(|group| group.sentence(lanes)).collect()
}

impl Groups {
    /// Adds something to the last sentence on the program itself, or on the others, if that
    /// tells of the same. In between there may be what is often repeated.
    fn add(
        &mut self,
        subject: TaskIndex,
        what: What,
        object: Option<TaskIndex>,
        (from, to): (Duration, Duration),
        born: Option<Duration>,
    ) {
        let is_same = |group: &Group| {
            group.what == what
                && group.objects.is_empty() == object.is_none()
                && (object.is_none() || group.subjects == [subject])
        };
        // A signal may make it begin the same wait anew.
        let is_resumed = |group: &Group| {
            matches!(what, What::Waited(_))
                && is_same(group)
                && object.is_some_and(|object| group.objects.contains(&object))
        };
        let last = self.0.iter().rposition(|group| {
            let is_of_class = (group.subjects == [0]) == (subject == 0);
            is_of_class && (is_same(group) || !group.what.is_aside())
        });
        let last = last.filter(|&place| is_same(&self.0[place]));
        // What was done before a task was there is not told together with what it does, nor
        // what ended with what was created afterwards.
        let is_in_order = |place: usize| {
            let mut later = self.0[place + 1..].iter();
            let is_end = |group: &Group| matches!(group.what, What::Ended(..));
            born.is_none_or(|born| born <= self.0[place].from)
                && (born.is_none() || what != What::Created || !later.any(is_end))
        };
        let last = last.filter(|&place| is_in_order(place));
        let last = last.or_else(|| self.0.iter().rposition(is_resumed));
        let last = last.map(|place| &mut self.0[place]);
        let group = match last {
            Some(group) => group,
            None => {
                self.0.push(Group {
                    what,
                    subjects: Vec::new(),
                    objects: Vec::new(),
                    count: 0,
                    from,
                    to,
                });
                let Some(group) = self.0.last_mut() else {
                    return;
                };
                group
            }
        };
        if !group.subjects.contains(&subject) {
            group.subjects.push(subject);
        }
        if let Some(object) = object
            && !group.objects.contains(&object)
        {
            group.objects.push(object);
        }
        group.count += 1;
        group.from = group.from.min(from);
        group.to = group.to.max(to);
    }
}

impl Group {
    fn sentence(&self, lanes: &[Lane]) -> Sentence {
        let subjects = list(&self.subjects, lanes);
        let objects = list(&self.objects, lanes);
        let mut text = match self.what {
            What::Created => format!("{subjects} created {objects}"),
            What::Waited(_) if !self.objects.is_empty() => {
                format!("{subjects} waited for {objects}")
            }
            What::Waited(what) => {
                let nobody = |_: TaskIndex| "";
                format!("{subjects} waited {}", awaited(what, nobody))
            }
            What::Slept => format!("{subjects} slept"),
            What::Marked(mark) => format!("{subjects} {}", marked(mark)),
            What::Ended(_, Ending::Killed(signal)) if self.subjects.len() > 1 => {
                format!("{subjects} were killed by {}", signal_in_words(signal))
            }
            What::Ended(_, Ending::StillThere) if self.subjects.len() > 1 => {
                format!("{subjects} were still there")
            }
            // The exit status is that of the process.
            What::Ended(Kind::Thread, Ending::Exited(_)) => format!("{subjects} ended"),
            What::Ended(_, how) => format!("{subjects} {}", ending(how)),
        };
        let is_repeated = self.count > self.subjects.len() && self.objects.is_empty();
        match (is_repeated, self.subjects.len()) {
            (false, _) => {}
            (true, 1) => text += &format!(" {} times", self.count),
            (true, _) => text += &format!(" {} times in all", self.count),
        }
        Sentence {
            from: self.from,
            to: self.to,
            text,
        }
    }
}

/// Names, and how many there are where they are too many to name.
fn list(tasks: &[TaskIndex], lanes: &[Lane]) -> String {
    const MOST: usize = 8;
    let name = |task: &TaskIndex| lanes[*task].name.as_str();
    match tasks {
        [] => String::new(),
        [only] => name(only).into(),
        [several @ .., last] if several.len() < MOST => {
            let several: Vec<_> = several.iter().map(name).collect();
            format!("{} and {}", several.join(", "), name(last))
        }
        many => {
            let first: Vec<_> = many[..MOST - 2].iter().map(name).collect();
            format!("{} and {} more", first.join(", "), many.len() - first.len())
        }
    }
}

/// The rest of a sentence that begins with `waits` or `waited`.
pub(super) fn awaited<'a>(awaited: Awaited, name: impl Fn(TaskIndex) -> &'a str) -> String {
    match awaited {
        Awaited::Child(Some(task)) | Awaited::Thread(Some(task)) => format!("for {}", name(task)),
        Awaited::Child(None) => "for a child".into(),
        Awaited::Thread(None) => "for another thread".into(),
        Awaited::Input => "for something to read".into(),
        Awaited::Signal => "for a signal".into(),
    }
}

pub(super) fn marked(mark: Mark) -> String {
    match mark {
        Mark::Write(libc::STDERR_FILENO) => "wrote to standard error".into(),
        Mark::Write(_) => "wrote to standard output".into(),
        Mark::Ask => "asked whether a child had ended".into(),
        Mark::Execute => "became another program".into(),
        Mark::Signal(signal) => format!("got {}", signal_in_words(signal)),
    }
}

/// How one task ended, behind its name.
pub(super) fn ending(ending: Ending) -> String {
    match ending {
        Ending::Exited(status) => format!("ended with exit status {status}"),
        Ending::Killed(signal) => format!("was killed by {}", signal_in_words(signal)),
        Ending::StillThere => "was still there".into(),
    }
}
