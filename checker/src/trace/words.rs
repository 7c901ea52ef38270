//! What happened, in words.

use super::{Awaited, Ending, Lane, Mark, State};
use crate::wait_status::signal_in_words;
use engine::TaskIndex;
use std::time::Duration;

/// No sleep is shorter, `PR_SET_TIMERSLACK(2const)`. What is shorter has only asked
/// whether something is there, with a timeout of 0.
const SHORTEST_SLEEP: Duration = Duration::from_micros(50);

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
    Ended(Ending),
}

#[derive(Default)]
struct Groups(Vec<Group>);

/// All that happened, in the order of time.
pub(super) fn sentences(lanes: &[Lane]) -> Vec<Sentence> {
    let mut groups = Groups::default();
    for (task, lane) in lanes.iter().enumerate() {
        if let Some(creator) = lane.creator {
            groups.add(creator, What::Created, Some(task), (lane.born, lane.born));
        }
        for segment in &lane.segments {
            let time = (segment.from, segment.to);
            match segment.state {
                State::Held | State::Running => {}
                State::Sleeping if segment.to - segment.from < SHORTEST_SLEEP => {}
                State::Sleeping => groups.add(task, What::Slept, None, time),
                State::Waiting(awaited) => {
                    let (what, object) = match awaited {
                        Awaited::Child(child) => (Awaited::Child(None), child),
                        Awaited::Thread(thread) => (Awaited::Thread(None), thread),
                        Awaited::Input | Awaited::Signal => (awaited, None),
                    };
                    groups.add(task, What::Waited(what), object, time);
                }
            }
        }
        for &(at, mark) in &lane.marks {
            groups.add(task, What::Marked(mark), None, (at, at));
        }
        let end = (lane.ended, lane.ended);
        groups.add(task, What::Ended(lane.ending), None, end);
    }
    let mut groups = groups.0;
    groups.sort_by_key(|group| (group.from, group.to));
    groups.iter().map(|group| group.sentence(lanes)).collect()
}

impl Groups {
    /// Adds something to the others of its kind. What the program itself does has
    /// sentences of its own, and so has everybody who does something to others.
    fn add(
        &mut self,
        subject: TaskIndex,
        what: What,
        object: Option<TaskIndex>,
        (from, to): (Duration, Duration),
    ) {
        let existing = self.0.iter_mut().find(|group| {
            let same_subject = group.subjects.contains(&subject);
            let others = subject != 0 && group.subjects != [0];
            group.what == what
                && group.objects.is_empty() == object.is_none()
                && (same_subject || (others && object.is_none()))
        });
        let group = match existing {
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
        // Tasks come one after the other, and so do most objects.
        if group.subjects.last() != Some(&subject) {
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
            What::Ended(Ending::Killed(signal)) if self.subjects.len() > 1 => {
                format!("{subjects} were killed by {}", signal_in_words(signal))
            }
            What::Ended(Ending::StillThere) if self.subjects.len() > 1 => {
                format!("{subjects} were still there")
            }
            What::Ended(how) => format!("{subjects} {}", ending(how)),
        };
        // A signal may make it begin the same wait anew, so these are not counted.
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
