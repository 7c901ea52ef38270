//! What happened, in words.

use super::{Fact, Lane, What, axis};
use crate::wait_status::signal_in_words;
use engine::{Call, TaskIndex};
use std::time::Duration;

/// Of more tasks there would be too many sentences, if all were in the order of time.
const FEW: usize = 9;

/// More would not be read.
const MOST: usize = 40;

impl What {
    /// A program may do so hundreds of times, between other things.
    fn is_aside(self) -> bool {
        matches!(
            self,
            Self::Slept | Self::Wrote(_) | Self::Asked | Self::Got(libc::SIGCHLD)
        )
    }

    pub(super) fn takes_time(self) -> bool {
        matches!(self, Self::Held | Self::Ran | Self::Slept | Self::Waited(_))
    }

    fn is_end(self) -> bool {
        matches!(
            self,
            Self::Exited(_) | Self::Returned | Self::Killed(_) | Self::StillThere
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

/// When something happened, and what, in the order of time.
pub(super) fn story(lanes: &[Lane], length: Duration) -> Vec<(String, String)> {
    let facts = lanes.iter().enumerate();
    let facts = facts.flat_map(|(task, lane)| lane.facts.iter().map(move |fact| (task, *fact)));
    let facts = facts.filter(|(_, fact)| !matches!(fact.what, What::Held | What::Ran));
    let mut facts: Vec<_> = facts.collect();
    facts.sort_by_key(|(_, fact)| (fact.from, fact.to));
    let mut groups = Vec::new();
    for (task, fact) in facts {
        let born = (lanes.len() <= FEW).then(|| lanes[task].born);
        add(&mut groups, task, fact, born);
    }
    let told = groups.iter().take(MOST).map(|group| {
        let [from, to] = [group.fact.from, group.fact.to].map(|at| axis::time(at, length));
        match (from == to, group.sentence(lanes)) {
            (true, text) => (from, text),
            (false, text) => (from, format!("{text} (to {to})")),
        }
    });
    let more = groups.len().saturating_sub(MOST);
    let more = (more > 0).then(|| (String::new(), format!("and {more} more")));
    told.chain(more).collect()
}

/// Adds a fact to the last sentence on the program itself, or on the others, if that is on the
/// same. In between there may be what is often repeated.
fn add(groups: &mut Vec<Group>, subject: TaskIndex, fact: Fact, born: Option<Duration>) {
    let Fact { what, object, .. } = fact;
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
    // One sentence does not join a deed before a task's birth with a deed of that task, nor an
    // end with a later birth.
    let is_in_order = |place: &usize| {
        let mut later = groups[place + 1..].iter();
        let is_end = |group: &Group| group.fact.what.is_end();
        born.is_none_or(|born| {
            born <= groups[*place].fact.from && (what != What::Created || !later.any(is_end))
        })
    };
    let last = last.filter(|place| is_same(&groups[*place]) && is_in_order(place));
    let last = last.or_else(|| groups.iter().rposition(is_resumed));
    let Some(place) = last else {
        return groups.push(Group {
            fact,
            subjects: vec![subject],
            objects: object.into_iter().collect(),
            count: 1,
        });
    };
    let group = &mut groups[place];
    if !group.subjects.contains(&subject) {
        group.subjects.push(subject);
    }
    let is_new = |object: &TaskIndex| !group.objects.contains(object);
    group.objects.extend(object.filter(is_new));
    group.count += 1;
    group.fact.to = group.fact.to.max(fact.to);
}

impl Group {
    fn sentence(&self, lanes: &[Lane]) -> String {
        let subjects = list(&self.subjects, lanes);
        let objects = (!self.objects.is_empty()).then(|| list(&self.objects, lanes));
        let are_many = self.subjects.len() > 1;
        let what = in_words(self.fact.what, objects.as_deref(), are_many);
        let times = match self.count {
            count if count == self.subjects.len() || !self.objects.is_empty() => String::new(),
            count if are_many => format!(" {count} times in all"),
            count => format!(" {count} times"),
        };
        format!("{subjects} {what}{times}")
    }
}

/// Names, and how many there are where they are too many to name.
fn list(tasks: &[TaskIndex], lanes: &[Lane]) -> String {
    const MOST: usize = 8;
    let names = tasks.iter().map(|task| lanes[*task].name.as_str());
    let names: Vec<_> = names.collect();
    match names.as_slice() {
        [only] => (*only).into(),
        [several @ .., last] if names.len() <= MOST => format!("{} and {last}", several.join(", ")),
        many => {
            let (first, others) = many.split_at(MOST - 2);
            format!("{} and {} more", first.join(", "), others.len())
        }
    }
}

/// What one task or many did, and to which one.
pub(super) fn in_words(what: What, object: Option<&str>, are_many: bool) -> String {
    let were = if are_many { "were" } else { "was" };
    match what {
        What::Held => format!("{were} not running yet"),
        What::Ran => "ran".into(),
        What::Slept => "slept".into(),
        What::Waited(what) => format!("waited {}", awaited(what, object)),
        What::Created => format!("created {}", object.unwrap_or_default()),
        What::Wrote(libc::STDERR_FILENO) => "wrote to standard error".into(),
        What::Wrote(_) => "wrote to standard output".into(),
        What::Asked => "asked whether a child had ended".into(),
        What::Executed => "became another program".into(),
        What::Got(signal) => format!("got {}", signal_in_words(signal)),
        What::Exited(status) => format!("ended with exit status {status}"),
        What::Returned => "ended".into(),
        What::Killed(signal) => format!("{were} killed by {}", signal_in_words(signal)),
        What::StillThere => format!("{were} still there"),
    }
}

/// What stands behind `waits` or `waited`.
pub(super) fn awaited(call: Call, name: Option<&str>) -> String {
    let what = match call {
        Call::WaitForChild => "a child",
        Call::Futex => "another thread",
        Call::Read => "something to read",
        _ => "a signal",
    };
    format!("for {}", name.unwrap_or(what))
}
