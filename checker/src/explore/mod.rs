//! Explores the schedules of a program: finds an order of its loads and stores in which it
//! fails.
//!
//! The compiler inserts a call before each load, store, comparison and basic block of the
//! student's file. The source stays unchanged. The package `scheduler` is loaded into the
//! program and runs one task at a time. At each call, the schedule decides which task runs
//! next. The search tries each order of the tasks, then one and two preemptions at
//! promising places first, and then random schedules. It stops at the first schedule in which the program fails.
//!
//! Limits: memory is sequentially consistent. An atomic read-modify-write is indivisible, and no
//! call is inserted before it. The standard library and other packages are visible only where
//! they block or wake a task.

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

use crate::build::{Build, BuildError};
use lines::Lines;
use report::{Columns, covered};
use search::{Coverage, Found, Runner, is_like_first};
use session::Program;
use std::ffi::OsString;
use std::path::PathBuf;
use svg::svg;

pub use order::{BadToken, Order};
pub(crate) use search::IsRight;
pub use search::Plan;
pub use session::ExploreError;
pub(crate) use session::{Ending, Outcome};

/// The program to explore.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// Its build.
    pub build: &'a Build,
    /// The name of its package.
    pub package: &'a str,
    /// The name of its binary, which may be a solution.
    pub binary: &'a str,
    /// Its source file.
    pub source: PathBuf,
    /// Its arguments.
    pub args: Vec<OsString>,
}

/// Why a program can't be explored.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The program or the scheduler does not compile.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// Cargo did not report the path of the program.
    #[error("cargo has built no program {0}")]
    NotBuilt(String),
    /// The program cannot run.
    #[error(transparent)]
    Explore(#[from] ExploreError),
}

/// The result of an exploration.
#[derive(Debug)]
pub struct Explored {
    program: Program,
    source: PathBuf,
    /// The command that replays a schedule, without the token and the arguments after it.
    command: String,
    found: Found,
}

/// A part of an exploration: the arguments, the schedules to try with them, and the function that
/// decides whether a run is right.
pub(crate) type Part<'a> = (&'a [&'a str], Plan, IsRight<'a>);

/// Builds a program with the scheduler's calls in it, and explores each of these parts.
///
/// # Errors
///
/// The program does not compile, or cannot be run and controlled.
pub(crate) fn explore_each<const N: usize>(
    request: &Request<'_>,
    parts: [Part<'_>; N],
) -> Result<[Explored; N], Error> {
    let program = build(request)?;
    let explore = |(args, plan, is_right): Part<'_>| {
        let args = args.iter().map(Into::into).collect();
        let program = Program {
            args,
            ..program.clone()
        };
        explored(request, program, |runner| {
            runner.search(&plan, is_right, |_, _| ())
        })
    };
    let all: Result<Vec<_>, Error> = parts.into_iter().map(explore).collect();
    let missing = |_| Error::NotBuilt(request.binary.into());
    all?.try_into().map_err(missing)
}

/// Builds a program in the same way, and tries its schedules. An output is wrong if it differs
/// from that of the first schedule. `progress` gets a line about the schedules so far.
///
/// # Errors
///
/// As above.
pub fn explore_differences(
    request: &Request<'_>,
    plan: &Plan,
    progress: impl Fn(&str),
) -> Result<Explored, Error> {
    let program = build(request)?;
    let progress = |covered: Coverage, to_come| {
        let tried = covered.schedules;
        progress(&format!(
            "{tried} schedules tried, {to_come} known to come ..."
        ));
    };
    explored(request, program, |runner| {
        runner.search(plan, &is_like_first, progress)
    })
}

/// Builds a program in the same way, and runs one schedule.
///
/// # Errors
///
/// As above.
pub fn replay(request: &Request<'_>, order: &Order) -> Result<Explored, Error> {
    let program = build(request)?;
    explored(request, program, |runner| runner.replay(order))
}

fn build(request: &Request<'_>) -> Result<Program, Error> {
    let library = request.build.scheduler()?;
    let built = request.build.clone().explored().run()?;
    // The build has one program, whose name may differ from the student's.
    let path = built.programs.into_values().next();
    let path = path.ok_or_else(|| Error::NotBuilt(request.binary.into()))?;
    Ok(Program {
        path,
        args: request.args.clone(),
        library,
    })
}

fn explored(
    request: &Request<'_>,
    program: Program,
    find: impl FnOnce(&Runner<'_>) -> Result<Found, ExploreError>,
) -> Result<Explored, Error> {
    Ok(Explored {
        found: find(&Runner::new(&program))?,
        program,
        source: request.source.clone(),
        command: format!("cargo lab explore {} {}", request.package, request.binary),
    })
}

impl Explored {
    /// Whether no schedule fails. For a replay: whether the schedule gives the same result as
    /// the first one.
    #[must_use]
    pub fn is_right(&self) -> bool {
        let outcome = self.failing();
        outcome.is_none_or(|outcome| is_like_first(&self.found.first, outcome))
    }

    /// What the program did in the failing schedule, if there is one.
    pub(crate) fn failing(&self) -> Option<&Outcome> {
        Some(&self.found.failure.as_ref()?.outcome)
    }

    /// Whether the program fails in its first schedule, without any preemption.
    pub(crate) fn fails_at_once(&self) -> bool {
        self.found.failure.is_some() && self.found.covered.schedules == 1
    }

    /// Whether the program uses a lock in one of the schedules.
    pub(crate) fn has_lock(&self) -> bool {
        self.found.covered.has_lock
    }

    /// The steps of the failing schedule, and the command that shows all of them.
    pub(crate) fn evidence(&self) -> Vec<String> {
        let columns = self.columns();
        columns.map_or(Vec::new(), |columns| columns.evidence(self))
    }

    /// The result as a text of this width.
    #[must_use]
    pub fn text(&self, width: usize) -> String {
        match self.columns() {
            Some(columns) => columns.text(self, width),
            None => covered(&self.found.covered, width),
        }
    }

    /// The failing schedule as a picture, if there is one.
    #[must_use]
    pub fn svg(&self) -> Option<String> {
        let columns = self.columns()?;
        Some(svg(&columns, &self.command(&columns.failure.order)))
    }

    fn columns(&self) -> Option<Columns<'_>> {
        let failure = self.found.failure.as_ref()?;
        let lines = Lines::new(&self.program.path, &self.source, &failure.outcome.steps);
        Some(Columns::new(failure, lines))
    }

    /// The command that replays a schedule.
    fn command(&self, order: &Order) -> String {
        let mut command = format!("{} --replay {order}", self.command);
        for (place, arg) in self.program.args.iter().enumerate() {
            command += if place == 0 { " -- " } else { " " };
            command += &arg.to_string_lossy();
        }
        command
    }
}
