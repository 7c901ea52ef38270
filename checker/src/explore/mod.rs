//! Every schedule of a program: finds an order of its loads and stores in which it fails.
//!
//! The compiler puts a call before each load, each store and each basic block of the student's
//! file, without a change to its source. The package `scheduler`, loaded into the program, runs
//! one task at a time, and at each call the schedule decides which one goes on. The search tries
//! schedules: each order of the tasks, then one preemption, two, and then random ones. It stops
//! at the first in which the program fails.
//!
//! Limits: memory is sequentially consistent. An atomic read-modify-write is one step. The
//! standard library and other packages are seen only where they block or wake.

#[path = "../../scheduler/src/layout.rs"]
#[allow(dead_code, reason = "the scheduler uses more of it")]
mod layout;
mod lines;
mod order;
mod report;
mod search;
mod session;
mod svg;

use crate::build::{Build, BuildError};
use lines::Lines;
use search::{Found, Runner, is_like_first};
use session::Program;
use std::ffi::OsString;
use std::path::PathBuf;

pub use order::{BadToken, Order};
pub(crate) use search::IsRight;
pub use search::Plan;
pub use session::ExploreError;
pub(crate) use session::{Ending, Outcome};

/// What to explore.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// How it is built.
    pub build: &'a Build,
    /// The name of its package.
    pub package: &'a str,
    /// The name of its binary, which may be that of a solution.
    pub binary: &'a str,
    /// The file that it is built from.
    pub source: PathBuf,
    /// What it gets on its command line.
    pub args: Vec<OsString>,
    /// Which schedules are tried.
    pub plan: Plan,
}

/// Why a program can't be explored.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It does not compile, or the scheduler does not.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// Cargo did not say where it is.
    #[error("cargo has built no program {0}")]
    NotBuilt(String),
    /// It cannot be run.
    #[error(transparent)]
    Explore(#[from] ExploreError),
}

/// What came of it.
#[derive(Debug)]
pub struct Explored {
    program: PathBuf,
    source: PathBuf,
    /// The command that runs a schedule again, but for the token and what follows it.
    command: String,
    args: Vec<OsString>,
    found: Found,
}

/// Builds a program with the scheduler's calls in it, and tries its schedules with each of these
/// arguments: which ones are right is for `is_right` to say.
///
/// # Errors
///
/// When it does not compile, or cannot be run and controlled.
pub(crate) fn explore_each<const N: usize>(
    request: &Request<'_>,
    all_args: [&[&str]; N],
    is_right: IsRight<'_>,
) -> Result<[Explored; N], Error> {
    let program = build(request)?;
    let all: Result<Vec<_>, Error> = all_args
        .into_iter()
        .map(|args| {
            let program = Program {
                args: args.iter().map(Into::into).collect(),
                ..program.clone()
            };
            let found = Runner::new(&program).search(&request.plan, is_right, |_, _| ())?;
            Ok(explored(request, program, found))
        })
        .collect();
    let missing = |_| Error::NotBuilt(request.binary.into());
    all?.try_into().map_err(missing)
}

/// Builds a program in the same way, and tries its schedules: an output that differs from that of
/// the first schedule is wrong. `progress` gets a line on what was tried.
///
/// # Errors
///
/// As above.
pub fn explore_differences(
    request: &Request<'_>,
    progress: impl Fn(&str),
) -> Result<Explored, Error> {
    let program = build(request)?;
    let runner = Runner::new(&program);
    let found = runner.search(&request.plan, &is_like_first, |covered, waiting| {
        let tried = covered.schedules;
        progress(&format!(
            "{tried} schedules tried, {waiting} known to come ..."
        ));
    })?;
    drop(runner);
    Ok(explored(request, program, found))
}

/// Builds a program in the same way, and runs one schedule.
///
/// # Errors
///
/// As above.
pub fn replay(request: &Request<'_>, order: &Order) -> Result<Explored, Error> {
    let program = build(request)?;
    let found = Runner::new(&program).replay(order)?;
    Ok(explored(request, program, found))
}

fn build(request: &Request<'_>) -> Result<Program, Error> {
    let library = request.build.scheduler()?;
    let built = request.build.clone().explored().run()?;
    // There is only one, and it may have another name than the student's.
    let path = built.programs.into_values().next();
    let path = path.ok_or_else(|| Error::NotBuilt(request.binary.into()))?;
    Ok(Program {
        path,
        args: request.args.clone(),
        library,
    })
}

fn explored(request: &Request<'_>, program: Program, found: Found) -> Explored {
    Explored {
        program: program.path,
        source: request.source.clone(),
        command: format!("cargo lab explore {} {}", request.package, request.binary),
        args: program.args,
        found,
    }
}

impl Explored {
    /// Whether no schedule fails; of a replayed one, whether it does what the first one does.
    #[must_use]
    pub fn is_right(&self) -> bool {
        let outcome = self.failing();
        outcome.is_none_or(|outcome| is_like_first(&self.found.first, outcome))
    }

    /// What the program did in the schedule that fails, if one does.
    pub(crate) fn failing(&self) -> Option<&Outcome> {
        Some(&self.found.failure.as_ref()?.outcome)
    }

    /// Whether it fails in its first schedule, without any preemption.
    pub(crate) fn fails_at_once(&self) -> bool {
        self.found.failure.is_some() && self.found.covered.schedules == 1
    }

    /// Whether the program uses a lock in one of the schedules.
    pub(crate) fn has_lock(&self) -> bool {
        self.found.covered.with_lock > 0
    }

    /// The steps in which it fails, and the command to see all of them.
    pub(crate) fn evidence(&self) -> Vec<String> {
        match &self.found.failure {
            Some(failure) => report::evidence(self, failure, &self.lines()),
            None => Vec::new(),
        }
    }

    /// What was found, as a text of this width.
    #[must_use]
    pub fn text(&self, width: usize) -> String {
        report::text(self, &self.lines(), width)
    }

    /// The schedule that fails as a picture, if one does.
    #[must_use]
    pub fn svg(&self) -> Option<String> {
        let failure = self.found.failure.as_ref()?;
        Some(svg::svg(
            failure,
            &self.lines(),
            &self.command(&failure.order),
        ))
    }

    fn lines(&self) -> Lines {
        let steps = self.failing().map_or(&[][..], |outcome| &outcome.steps);
        Lines::new(&self.program, &self.source, steps)
    }

    /// The command that runs a schedule again.
    fn command(&self, order: &Order) -> String {
        let mut command = format!("{} --replay {order}", self.command);
        for (place, arg) in self.args.iter().enumerate() {
            command += if place == 0 { " -- " } else { " " };
            command += &arg.to_string_lossy();
        }
        command
    }
}
