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

use checker::Workspace;
use checker::checking::{CheckError, Selection, check};
use checker::exercises::{EXERCISES, Exercise, NoSuchProgram, exercise, list, select};
use checker::handout::Handout;
use checker::judge::{Status, TaskReport, Verdict};
use std::env;
use std::error::Error;

/// The result of a command, and its exit status.
pub(crate) enum Outcome {
    /// Exit status 0.
    Passed,
    /// Exit status 1.
    Failed,
}

/// The return value of a command. An error means exit status 2.
pub(crate) type CommandResult = Result<Outcome, Box<dyn Error>>;

// The program to use. (A documentation comment here would become the text of the command.)
#[derive(clap::Args)]
pub(crate) struct Which {
    /// The package, such as wait-for-me
    pub(crate) package: Option<String>,
    /// The program, such as threads
    #[arg(value_name = "BIN")]
    pub(crate) binary: Option<String>,
    /// The program, as cargo run takes it
    #[arg(long, value_name = "BIN", conflicts_with = "binary")]
    pub(crate) bin: Option<String>,
}

impl Which {
    /// The name on the command line of a binary.
    pub(crate) fn binary(&self) -> Option<&str> {
        self.binary.as_deref().or(self.bin.as_deref())
    }

    /// Returns the named programs, or else the programs of the current folder.
    pub(crate) fn exercises(
        &self,
        workspace: &Workspace,
    ) -> Result<Vec<&'static Exercise>, NoSuchProgram> {
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
    pub(crate) fn is_open(&self, workspace: &Workspace) -> bool {
        let is_named = self.package.is_some() || self.binary().is_some();
        !is_named && package_here(workspace).is_none()
    }

    /// Returns the named program, which may be a solution. If several match, returns the
    /// current task.
    pub(crate) fn program(
        &self,
        workspace: &Workspace,
    ) -> Result<(&'static Exercise, String), Box<dyn Error>> {
        let (Some(package), Some(binary)) = (self.package.as_deref(), self.binary()) else {
            let exercise = match self.exercises(workspace)?.as_slice() {
                [only] => only,
                _ => self.task(workspace)?.exercise,
            };
            return Ok((exercise, exercise.binary.into()));
        };
        let of_task = binary.strip_suffix("-solution");
        let exercise = select(Some(package), Some(of_task.unwrap_or(binary)))?[0];
        let has_solution = |handout: Handout| handout.solution.exists();
        if of_task.is_some() && !Handout::of(workspace, exercise).is_some_and(has_solution) {
            return Err(format!("there is no solution of {}", exercise.name()).into());
        }
        Ok((exercise, binary.into()))
    }

    /// Returns the named task. If several match, returns the current one.
    pub(crate) fn task(&self, workspace: &Workspace) -> Result<Handout, Box<dyn Error>> {
        let mut meant = self.exercises(workspace)?;
        meant.retain(|exercise| exercise.task.is_some());
        let exercise = match meant.as_slice() {
            [] => {
                let tasks = EXERCISES.iter().filter(|one| one.task.is_some());
                return Err(format!("this program has no task; there are:{}", list(tasks)).into());
            }
            [only] => only,
            several => {
                // A missing file must come first: without it, nothing else can be built.
                let handouts = several.iter().filter_map(|one| Handout::of(workspace, one));
                let mut missing = handouts.filter(|handout| !handout.skeleton.exists());
                if let Some(missing) = missing.next() {
                    return Ok(missing);
                }
                let judged = judged(workspace, several)?;
                let current = current(&judged);
                let current = current.and_then(|task| exercise(&task.package, &task.binary));
                let names = || list(several.iter().copied());
                current.ok_or_else(|| format!("which program do you mean?{}", names()))?
            }
        };
        Ok(Handout::of(workspace, exercise).ok_or("this program has no task")?)
    }
}

/// Returns the package of the current folder.
fn package_here(workspace: &Workspace) -> Option<&'static str> {
    let here = env::current_dir().unwrap_or_default();
    let is_here = |exercise: &&Exercise| here.starts_with(workspace.root().join(exercise.folder));
    let exercise = EXERCISES.iter().find(is_here);
    exercise.map(|exercise| exercise.package)
}

/// Returns the verdicts on the student's files for these exercises.
fn judged(
    workspace: &Workspace,
    exercises: &[&'static Exercise],
) -> Result<Vec<TaskReport>, CheckError> {
    Ok(check(workspace, &Selection::of(exercises.to_vec()))?.tasks)
}

/// Returns the current task: the first that was begun and is not done, or else the first that
/// is not begun. Returns `None` if nothing could be judged.
fn current(tasks: &[TaskReport]) -> Option<&TaskReport> {
    let unfinished = tasks.iter().filter(|task| task.status == Status::Failed);
    unfinished.min_by_key(|task| task.verdict() == Verdict::NotAttempted)
}
