//! Draws a run that was observed: when each thread or process was born, when it ran, for
//! which other one it waited, and how it ended.
//!
//! A [`Timeline`] is made from what the engine has [observed](Observed). A drawing puts it into
//! columns, and is shown as [`text`] for a terminal or as a picture, [`svg`].

mod axis;
mod drawing;
mod lanes;
mod paper;
mod sign;
mod svg;
mod text;
mod words;

pub(crate) use paper::{LEFT, LINE, Paper, WIDTH, label, line};
pub use svg::svg;
pub use text::text;

use crate::wait_status::end_in_words;
use engine::{Call, End, Kind, Observed, TaskIndex};
use std::time::Duration;

/// A run, ready to be drawn.
#[derive(Clone, Debug)]
pub struct Timeline {
    /// The threads and processes, in the order of their birth. The first one is
    /// the program itself.
    lanes: Vec<Lane>,
    /// When something happened, and what, in the order of time. Repetitions are one sentence.
    story: Vec<(String, String)>,
    /// From the start of the run to its last event.
    length: Duration,
    /// How the run ended.
    end: End,
}

/// The life of a thread or a process.
#[derive(Clone, Debug)]
struct Lane {
    /// What it is, with its number, and the name that the program gave it: `process 3`,
    /// `thread 1 (worker 0)`. No two are the same.
    name: String,
    /// The same, and for a thread also its process: `thread 1 (worker 0) of process 0`.
    label: String,
    /// What it is.
    kind: Kind,
    /// The task that created it. The program itself has none.
    creator: Option<TaskIndex>,
    /// When it was born.
    born: Duration,
    /// What it did, from its birth to its end: states without a gap, and what took no time. The
    /// last one is its end.
    facts: Vec<Fact>,
}

/// What a task did, or what was done to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Fact {
    /// Its beginning.
    from: Duration,
    /// Its end.
    to: Duration,
    /// What the task did.
    what: What,
    /// The task that it created, or waited for if that can be only one.
    object: Option<TaskIndex>,
}

/// What a task does. The first four take time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    /// It is born, but does not run yet.
    Held,
    /// It runs, or could run if a CPU were free.
    Ran,
    /// It waits for a time to pass.
    Slept,
    /// It waits in this call, which does not end by itself.
    Waited(Call),
    /// It creates a thread or a process.
    Created,
    /// It writes to standard output (1) or standard error (2).
    Wrote(i32),
    /// It asks whether a child has ended.
    Asked,
    /// It becomes another program.
    Executed,
    /// It gets this signal.
    Got(i32),
    /// A process ends, with this exit status.
    Exited(i32),
    /// A thread ends. It has no exit status of its own.
    Returned,
    /// It is killed by this signal.
    Killed(i32),
    /// It is still there when the run is over.
    StillThere,
}

impl Lane {
    /// When and how it ended.
    fn end(&self) -> (Duration, What) {
        let end = self.facts.last();
        end.map_or((self.born, What::StillThere), |end| (end.to, end.what))
    }
}

impl Timeline {
    /// The timeline of this run.
    #[must_use]
    pub fn new(observed: &Observed) -> Self {
        let lanes = lanes::lanes(observed);
        let length = lanes.iter().map(|lane| lane.end().0).max();
        // A picture without any width can't be drawn.
        let length = length.unwrap_or_default().max(Duration::from_micros(1));
        Self {
            story: words::story(&lanes, length),
            length,
            lanes,
            end: observed.end,
        }
    }

    /// One sentence on how the program ended.
    #[must_use]
    pub fn how_it_ended(&self) -> String {
        let mut sentence = match self.end {
            End::Ended(status) => format!("The program {}", end_in_words(status)),
            End::TimedOut => "The program had not ended when its time was over".into(),
            End::Deadlock => "Each task of the program waited for another one, forever".into(),
            End::TooMuchOutput => "The program wrote more than it may, and was ended".into(),
            End::TooMuchMemory => "The program used more memory than it may, and was ended".into(),
            End::TooManyTasks => {
                "The program created more threads and processes than it may, and was ended".into()
            }
        };
        let is_left = |lane: &&Lane| {
            lane.end().1 == What::StillThere && lane.kind == Kind::Process && lane.creator.is_some()
        };
        match self.lanes.iter().filter(is_left).count() {
            0 => {}
            1 => sentence += "; one process that it had created was still there",
            left => sentence += &format!("; {left} processes that it had created were still there"),
        }
        sentence + "."
    }
}

#[cfg(test)]
mod tests;
