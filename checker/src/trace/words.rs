//! What happened, in words.

use super::{Awaited, Ending, Lane, Mark, State};
use crate::wait_status::signal_in_words;
use engine::TaskIndex;
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

/// What happened to one task.
#[derive(Clone, Copy)]
struct Fact {
    from: Duration,
    to: Duration,
    subject: TaskIndex,
    what: What,
    /// The task that it created or waited for.
    object: Option<TaskIndex>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    Created,
    Waited(Awaited),
    Slept,
    Marked(Mark),
    Ended(Ending),
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

/// The facts of one sentence.
struct Group {
    /// From the beginning of the first one to the end of the last one.
    fact: Fact,
    subjects: Vec<TaskIndex>,
    objects: Vec<TaskIndex>,
    count: usize,
}

/// All that happened, in the order of time.
pub(super) fn sentences(lanes: &[Lane]) -> Vec<Sentence> {
    let mut facts: Vec<_> = (0..lanes.len())
        .flat_map(|task| facts(task, lanes))
        .collect();
    facts.sort_by_key(|fact| (fact.from, fact.to));
    let mut groups = Vec::new();
    for fact in facts {
        let born = (lanes.len() <= FEW).then(|| lanes[fact.subject].born);
        add(&mut groups, fact, born);
    }
    groups.iter().map(|group| group.sentence(lanes)).collect()
}

/// The birth of a task, what it did, and its end.
fn facts(task: TaskIndex, lanes: &[Lane]) -> Vec<Fact> {
    let lane = &lanes[task];
    let fact = |from, to, what, object| Fact {
        from,
        to,
        subject: task,
        what,
        object,
    };
    let birth = lane.creator.map(|subject| Fact {
        subject,
        ..fact(lane.born, lane.born, What::Created, Some(task))
    });
    let segments = lane.segments.iter().filter_map(|segment| {
        let (what, object) = match segment.state {
            State::Waiting(awaited, task) => (What::Waited(awaited), task),
            State::Sleeping if segment.to - segment.from >= SHORTEST_SLEEP => (What::Slept, None),
            _ => return None,
        };
        Some(fact(segment.from, segment.to, what, object))
    });
    let marks = lane.marks.iter();
    let marks = marks.map(|&(at, mark)| fact(at, at, What::Marked(mark), None));
    let end = fact(lane.ended, lane.ended, What::Ended(lane.ending), None);
    birth
        .into_iter()
        .chain(segments)
        .chain(marks)
        .chain([end])
        .collect()
}

/// Adds a fact to the last sentence on the program itself, or on the others, if that is on the
/// same. In between there may be what is often repeated.
fn add(groups: &mut Vec<Group>, fact: Fact, born: Option<Duration>) {
    let Fact {
        subject,
        what,
        object,
        ..
    } = fact;
    let is_same = |group: &Group| {
        group.fact.what == what
            && group.objects.is_empty() == object.is_none()
            && (object.is_none() || group.subjects == [subject])
    };
    // A signal may make it begin the same wait anew.
    let is_resumed = |group: &Group| {
        matches!(what, What::Waited(_))
            && is_same(group)
            && object.is_some_and(|object| group.objects.contains(&object))
    };
    let last = groups.iter().rposition(|group| {
        let is_of_class = (group.subjects == [0]) == (subject == 0);
        is_of_class && (is_same(group) || !group.fact.what.is_aside())
    });
    // What was done before a task was there is not told together with what it does, nor
    // what ended with what was created afterwards.
    let is_in_order = |place: &usize| {
        let mut later = groups[place + 1..].iter();
        let is_end = |group: &Group| matches!(group.fact.what, What::Ended(_));
        born.is_none_or(|born| {
            born <= groups[*place].fact.from && (what != What::Created || !later.any(is_end))
        })
    };
    let last = last.filter(|&place| is_same(&groups[place]));
    let last = last.filter(is_in_order);
    let last = last.or_else(|| groups.iter().rposition(is_resumed));
    let place = last.unwrap_or(groups.len());
    if place == groups.len() {
        groups.push(Group {
            fact,
            subjects: Vec::new(),
            objects: Vec::new(),
            count: 0,
        });
    }
    let group = &mut groups[place];
    if !group.subjects.contains(&subject) {
        group.subjects.push(subject);
    }
    group
        .objects
        .extend(object.filter(|object| !group.objects.contains(object)));
    group.count += 1;
    group.fact.from = group.fact.from.min(fact.from);
    group.fact.to = group.fact.to.max(fact.to);
}

impl Group {
    fn sentence(&self, lanes: &[Lane]) -> Sentence {
        let subjects = list(&self.subjects, lanes);
        let objects = (!self.objects.is_empty()).then(|| list(&self.objects, lanes));
        let are_many = self.subjects.len() > 1;
        let what = match self.fact.what {
            What::Created => format!("created {}", objects.unwrap_or_default()),
            What::Waited(what) => format!("waited {}", awaited(what, objects.as_deref())),
            What::Slept => "slept".into(),
            What::Marked(mark) => marked(mark),
            What::Ended(how) => ending(how, if are_many { "were" } else { "was" }),
        };
        let times = match self.count {
            count if count == self.subjects.len() || !self.objects.is_empty() => String::new(),
            count if are_many => format!(" {count} times in all"),
            count => format!(" {count} times"),
        };
        Sentence {
            from: self.fact.from,
            to: self.fact.to,
            text: format!("{subjects} {what}{times}"),
        }
    }
}

/// Names, and how many there are where they are too many to name.
fn list(tasks: &[TaskIndex], lanes: &[Lane]) -> String {
    const MOST: usize = 8;
    let names: Vec<_> = tasks
        .iter()
        .map(|task| lanes[*task].name.as_str())
        .collect();
    match names.as_slice() {
        [several @ .., last] if !several.is_empty() && several.len() < MOST => {
            format!("{} and {last}", several.join(", "))
        }
        [only] => (*only).into(),
        many => {
            let first = &many[..(MOST - 2).min(many.len())];
            format!("{} and {} more", first.join(", "), many.len() - first.len())
        }
    }
}

/// The rest of a sentence that begins with `waits` or `waited`.
pub(super) fn awaited(awaited: Awaited, name: Option<&str>) -> String {
    match (awaited, name) {
        (_, Some(name)) => format!("for {name}"),
        (Awaited::Child, _) => "for a child".into(),
        (Awaited::Thread, _) => "for another thread".into(),
        (Awaited::Input, _) => "for something to read".into(),
        (Awaited::Signal, _) => "for a signal".into(),
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

/// How a task ended, behind its name and with `was` or `were`.
pub(super) fn ending(ending: Ending, was: &str) -> String {
    match ending {
        Ending::Exited(status) => format!("ended with exit status {status}"),
        Ending::Returned => "ended".into(),
        Ending::Killed(signal) => format!("{was} killed by {}", signal_in_words(signal)),
        Ending::StillThere => format!("{was} still there"),
    }
}
