//! The commands of `cargo lab`, one file each.

pub(crate) mod check;
pub(crate) mod dev;
pub(crate) mod doctor;
pub(crate) mod explore;
pub(crate) mod grade;
pub(crate) mod hint;
pub(crate) mod quiz;
pub(crate) mod reset;
pub(crate) mod show;
pub(crate) mod status;
pub(crate) mod trace;
pub(crate) mod watch;

use anyhow::{Context, Result, bail};
use checker::checking::{Selection, check};
use checker::exercises::{EXERCISES, Exercise, list, select};
use checker::handout::Handout;
use checker::judge::{Status, TaskReport, Verdict};
use checker::{Workspace, terminal};
use std::ffi::OsString;
use std::path::Path;
use std::{env, fs};

/// Whether everything is right: exit status 0, or else 1. An error means exit status 2.
pub(crate) type CommandResult = Result<bool>;

/// Prints the text of a command that has succeeded.
fn say(text: &str) -> CommandResult {
    terminal::print(text)?;
    Ok(true)
}

/// Writes a file that the user has named.
fn write_file(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

// The program to use. (A documentation comment here would become the text of the command.)
#[derive(clap::Args)]
pub(crate) struct Which {
    /// The package, such as wait-for-me
    package: Option<String>,
    /// The program, such as threads
    #[arg(value_name = "BIN")]
    binary: Option<String>,
    /// The program, as cargo run takes it
    #[arg(long, value_name = "BIN", conflicts_with = "binary")]
    bin: Option<String>,
}

impl Which {
    /// The name on the command line of a binary.
    fn binary(&self) -> Option<&str> {
        self.binary.as_deref().or(self.bin.as_deref())
    }

    /// Returns the named programs, or else the programs of the current folder.
    fn exercises(&self, workspace: &Workspace) -> Result<Vec<&'static Exercise>> {
        let of_folder = package_here(workspace);
        match (self.package.as_deref(), self.binary()) {
            (Some(name), None) if select(Some(name), None).is_err() => {
                // In the folder of an exercise, the name of a program is enough.
                select(of_folder, Some(name)).or_else(|_| select(Some(name), None))
            }
            (package, binary) => select(package.or(of_folder), binary),
        }
    }

    /// Whether neither the command line nor the current folder names a program.
    fn is_open(&self, workspace: &Workspace) -> bool {
        let is_named = self.package.is_some() || self.binary().is_some();
        !is_named && package_here(workspace).is_none()
    }

    /// Returns the named task. If several match, returns the current one.
    fn task(&self, workspace: &Workspace) -> Result<Handout> {
        let mut meant = self.exercises(workspace)?;
        meant.retain(|exercise| exercise.task.is_some());
        let handouts = meant.iter().filter_map(|one| Handout::of(workspace, one));
        let mut handouts: Vec<Handout> = handouts.collect();
        if handouts.is_empty() {
            let tasks = EXERCISES.iter().filter(|one| one.task.is_some());
            bail!("this program has no task; there are:{}", list(tasks));
        }
        // A missing file comes first: without it, nothing else can be built.
        let missing = handouts.iter().position(|one| !one.skeleton.exists());
        let place = match missing {
            Some(missing) => missing,
            None if handouts.len() == 1 => 0,
            None => {
                let judged = check(workspace, &Selection::of(meant.clone()))?;
                let name = current(&judged.tasks).map(TaskReport::name);
                let is_current = |one: &Handout| Some(one.exercise.name()) == name;
                let names = || format!("which program do you mean?{}", list(meant.clone()));
                handouts.iter().position(is_current).with_context(names)?
            }
        };
        Ok(handouts.swap_remove(place))
    }
}

// A program and its arguments. (This comment is not for the text of the command.)
#[derive(clap::Args)]
struct Program {
    #[command(flatten)]
    which: Which,
    /// The program's arguments; the default for a task is its own arguments
    #[arg(last = true)]
    args: Vec<OsString>,
}

impl Program {
    /// Returns the exercise of the named program, its binary, which may be a solution, and the
    /// arguments. If several programs match, takes the current task.
    fn find(&self, workspace: &Workspace) -> Result<(&'static Exercise, String, Vec<OsString>)> {
        let which = &self.which;
        let names = which.package.as_deref().zip(which.binary());
        let (exercise, binary) = match names {
            Some((package, binary)) => {
                let of_task = binary.strip_suffix("-solution");
                let exercise = select(Some(package), Some(of_task.unwrap_or(binary)))?[0];
                let has_solution = |handout: Handout| handout.solution.exists();
                if of_task.is_some() && !Handout::of(workspace, exercise).is_some_and(has_solution)
                {
                    bail!("there is no solution of {}", exercise.name());
                }
                (exercise, binary)
            }
            None => {
                let exercise = match which.exercises(workspace)?.as_slice() {
                    [only] => only,
                    _ => which.task(workspace)?.exercise,
                };
                (exercise, exercise.binary)
            }
        };
        let args = match exercise.task {
            Some(task) if self.args.is_empty() => task.args.iter().map(Into::into).collect(),
            _ => self.args.clone(),
        };
        Ok((exercise, binary.into(), args))
    }
}

/// Returns the package of the current folder.
fn package_here(workspace: &Workspace) -> Option<&'static str> {
    let here = env::current_dir().unwrap_or_default();
    let is_here = |exercise: &&Exercise| here.starts_with(workspace.root().join(exercise.folder));
    Some(EXERCISES.iter().find(is_here)?.package)
}

/// Returns the current task: the first that was begun and is not done, or else the first that
/// is not begun. Returns `None` if nothing could be judged.
fn current(tasks: &[TaskReport]) -> Option<&TaskReport> {
    let unfinished = tasks.iter().filter(|task| task.status == Status::Failed);
    unfinished.min_by_key(|task| task.verdict() == Verdict::NotAttempted)
}
