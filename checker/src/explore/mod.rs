//! Explores the schedules of a program: finds an order of its loads and stores in which it
//! fails.
//!
//! The compiler inserts a call before each load and store of the student's file, and before many
//! comparisons and basic blocks. The source stays unchanged. The package `scheduler` is loaded into
//! the program and runs one task at a time. At each call, the schedule decides which task runs
//! next. The search tries the orders of the tasks, then one and two preemptions or spurious wake-ups
//! (those at promising places first), and at last random schedules. It stops at the first schedule
//! in which the program fails.
//!
//! Limits: memory is sequentially consistent. An atomic read-modify-write is indivisible, and no
//! call is inserted before it. The standard library and other packages are visible only where
//! they block or wake a task, and where they are inlined.

#[path = "../../scheduler/src/layout.rs"]
#[allow(dead_code, reason = "the scheduler uses more of it")]
#[allow(clippy::cast_possible_truncation, reason = "a task has a small number")]
mod layout;
mod lines;
mod order;
mod report;
mod search;
mod session;
mod svg;
mod waiting;

use crate::build::Build;
use crate::terminal::with_args;
use anyhow::{Context, Result};
use report::covered;
pub(crate) use report::{Doing, Row, used_lines};
use search::{Coverage, Failure, is_like_first};
use std::ffi::OsString;
use std::path::PathBuf;
use svg::svg;

pub(crate) use layout::{Kind, PRINTED, State, Step};
pub use order::Order;
pub use search::Plan;
pub(crate) use session::{Ending, Outcome};

/// A program with the scheduler's calls in it.
#[derive(Clone, Debug)]
pub struct Explorer {
    /// Its file.
    path: PathBuf,
    args: Vec<OsString>,
    /// The library of the scheduler.
    library: PathBuf,
    source: PathBuf,
    /// The command that replays a schedule, without the token and the arguments after it.
    command: String,
}

/// The result of an exploration.
#[derive(Debug)]
pub struct Explored {
    explorer: Explorer,
    /// The failing schedule, if there is one.
    failure: Option<Failure>,
    /// The result of the first schedule.
    first: Outcome,
    pub(crate) covered: Coverage,
}

impl Explorer {
    /// Builds a program, and the scheduler. The name of the program has its package and its
    /// binary, which may be a solution.
    ///
    /// # Errors
    ///
    /// One of them does not compile.
    pub fn new(build: &Build, name: &str, source: PathBuf) -> Result<Self> {
        let library = build.scheduler()?;
        let built = build.clone().explored().run()?;
        // The build has one program, whose name may differ from the student's.
        let path = built.programs.into_values().next();
        Ok(Self {
            path: path.with_context(|| format!("cargo has built no program {name}"))?,
            args: Vec::new(),
            library,
            source,
            command: format!("cargo lab explore {name}"),
        })
    }

    /// The same program with these arguments.
    #[must_use]
    pub fn with_args(mut self, args: impl IntoIterator<Item = impl Into<OsString>>) -> Self {
        self.args = args.into_iter().map(Into::into).collect();
        self
    }

    /// Tries the schedules of the program. An output is wrong if it differs from that of the
    /// first schedule. `progress` gets a line about the schedules so far.
    ///
    /// # Errors
    ///
    /// The program cannot be run and controlled.
    pub fn explore(&self, plan: &Plan, progress: impl Fn(&str)) -> Result<Explored> {
        self.search(plan, &is_like_first, progress)
    }
}

impl Explored {
    /// Whether no schedule fails. For a replay: whether the schedule gives the same result as
    /// the first one.
    #[must_use]
    pub fn is_right(&self) -> bool {
        let outcome = self.failing();
        outcome.is_none_or(|outcome| is_like_first(&self.first, outcome))
    }

    /// What the program did in the failing schedule, if there is one.
    pub(crate) fn failing(&self) -> Option<&Outcome> {
        Some(&self.failure.as_ref()?.outcome)
    }

    /// The result as a text of this width.
    #[must_use]
    pub fn text(&self, width: usize) -> String {
        match self.columns() {
            Some(columns) => columns.text(self, width),
            None => covered(&self.covered, width),
        }
    }

    /// The failing schedule as a picture, if there is one.
    #[must_use]
    pub fn svg(&self) -> Option<String> {
        let columns = self.columns()?;
        Some(svg(&columns, &self.command(&columns.failure.order)))
    }

    /// The command that replays a schedule.
    pub(crate) fn command(&self, order: &Order) -> String {
        let Explorer { command, args, .. } = &self.explorer;
        with_args(format!("{command} --replay {order}"), args)
    }
}
