//! Draws a run that was observed: who was born when, who ran, who waited for
//! whom, and how each of them ended.
//!
//! A [`Timeline`] is made from what the engine has [observed](Observed), and is
//! drawn as [`text`] for a terminal or as a picture, [`svg`].

mod axis;
mod lanes;
mod svg;
mod text;
mod words;

pub use svg::svg;
pub(crate) use svg::{STYLE, label};
pub use text::{TextStyle, text};
pub use words::Sentence;

use crate::wait_status::end_in_words;
use engine::{End, Kind, Observed, TaskIndex};
use std::time::Duration;

/// A run, ready to be drawn.
#[derive(Clone, Debug)]
pub struct Timeline {
    /// The threads and processes, in the order of their birth. The first one is
    /// the program itself.
    pub lanes: Vec<Lane>,
    /// What happened, in words, in the order of time. Repetitions are one sentence.
    pub sentences: Vec<Sentence>,
    /// From the start of the run to its last event.
    pub length: Duration,
    /// How the run ended.
    pub end: End,
}

/// The life of a thread or a process.
#[derive(Clone, Debug)]
pub struct Lane {
    /// What it is, with its number, and the name that the program gave it: `process 3`,
    /// `thread 1 (worker 0)`. No two are the same.
    pub name: String,
    /// The same, and for a thread also its process: `thread 1 (worker 0) of process 0`.
    pub label: String,
    /// What it is.
    pub kind: Kind,
    /// Who created it. Nobody in the run created the program itself.
    pub creator: Option<TaskIndex>,
    /// When it was born.
    pub born: Duration,
    /// What it did, from its birth to its end, without a gap. What was too short
    /// to be seen is part of what is beside it.
    pub segments: Vec<Segment>,
    /// What took no time, in order.
    pub marks: Vec<(Duration, Mark)>,
    /// When it ended. Where it did not, that is the end of the run.
    pub ended: Duration,
    /// How it ended.
    pub ending: Ending,
}

/// A part of a lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Its beginning.
    pub from: Duration,
    /// Its end.
    pub to: Duration,
    /// What the task did.
    pub state: State,
}

/// What a task does for some time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It is born, but not let run yet.
    Held,
    /// It runs, or could run if a CPU were free.
    Running,
    /// It waits for somebody.
    Waiting(Awaited),
    /// It waits for a time to pass.
    Sleeping,
}

/// What somebody waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Awaited {
    /// The end of a child: this one, or nobody knows which one.
    Child(Option<TaskIndex>),
    /// Another thread of its process: this one, if there was only one, or nobody
    /// knows which one.
    Thread(Option<TaskIndex>),
    /// Something to read.
    Input,
    /// A signal.
    Signal,
}

/// Something that a task does, or that is done to it, in no time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// It writes to standard output (1) or standard error (2).
    Write(i32),
    /// It asks whether a child has ended.
    Ask,
    /// It becomes another program.
    Execute,
    /// It gets this signal.
    Signal(i32),
}

/// How a task ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// By itself, with this exit status.
    Exited(i32),
    /// By this signal.
    Killed(i32),
    /// It was still there when the run was over.
    StillThere,
}

impl Timeline {
    /// The timeline of this run.
    #[must_use]
    pub fn new(observed: &Observed) -> Self {
        let mut lanes = lanes::lanes(observed);
        let length = lanes
            .iter()
            .map(|lane| lane.ended)
            .max()
            .unwrap_or_default()
            // A picture without any width can't be drawn.
            .max(Duration::from_micros(1));
        let sentences = words::sentences(&lanes);
        for lane in &mut lanes {
            lanes::simplify(&mut lane.segments, length / 400);
        }
        Self {
            lanes,
            sentences,
            length,
            end: observed.end,
        }
    }

    /// One sentence on how the program ended.
    #[must_use]
    pub fn how_it_ended(&self) -> String {
        let mut sentence = match self.end {
            End::Ended(status) => format!("The program {}", end_in_words(status)),
            End::TimedOut => "The program had not ended when its time was over".into(),
            End::TooMuchOutput => "The program wrote more than it may, and was ended".into(),
            End::TooMuchMemory => "The program used more memory than it may, and was ended".into(),
            End::TooManyTasks => {
                "The program created more threads and processes than it may, and was ended".into()
            }
        };
        let is_left = |lane: &&Lane| {
            lane.ending == Ending::StillThere
                && lane.kind == Kind::Process
                && lane.creator.is_some()
        };
        match self.lanes.iter().filter(is_left).count() {
            0 => {}
            1 => sentence += "; one process that it had created was still there",
            left => sentence += &format!("; {left} processes that it had created were still there"),
        }
        sentence + "."
    }

    /// The lanes that there is room for, and how many others there are.
    fn drawn(&self) -> (&[Lane], usize) {
        const MOST: usize = 40;
        let drawn = &self.lanes[..self.lanes.len().min(MOST)];
        (drawn, self.lanes.len() - drawn.len())
    }

    /// What stands beside the lanes: their labels, if each has room, or their names.
    /// None has more than `most` characters.
    fn labels(&self, most: usize) -> Vec<String> {
        let (lanes, _) = self.drawn();
        let fits = |lane: &Lane| lane.label.chars().count() <= most;
        let has_room = lanes.iter().all(fits);
        let text = |lane: &Lane| {
            let text = if has_room { &lane.label } else { &lane.name };
            if text.chars().count() <= most {
                return text.clone();
            }
            text.chars().take(most - 1).chain(['…']).collect()
        };
        lanes.iter().map(text).collect()
    }

    /// What somebody does for some time, in a few words.
    fn state_in_words(&self, state: State) -> String {
        let name = |task: TaskIndex| self.lanes[task].name.as_str();
        match state {
            State::Held => "does not run yet".into(),
            State::Running => "runs".into(),
            State::Sleeping => "sleeps".into(),
            State::Waiting(awaited) => format!("waits {}", words::awaited(awaited, name)),
        }
    }
}

impl Ending {
    /// The end that a wait status tells of, `waitpid(2)`.
    fn of(status: i32) -> Self {
        if libc::WIFSIGNALED(status) {
            Self::Killed(libc::WTERMSIG(status))
        } else {
            Self::Exited(libc::WEXITSTATUS(status))
        }
    }
}

#[cfg(test)]
mod tests;
