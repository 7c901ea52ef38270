//! `cargo lab dev`: commands for developers of the lab.

use super::CommandResult;
use anyhow::Result;
use checker::Workspace;
use checker::checking::{Selection, check};
use checker::exercises::EXERCISES;
use checker::handout::{Comparison, handouts};
use checker::judge::{Report, TaskReport, Verdict};
use checker::mistakes;
use checker::student_copy::make_student_copy;
use std::io::{self, Write};
use std::path::PathBuf;

/// Commands for developers of the lab
#[derive(clap::Subcommand)]
pub(crate) enum Dev {
    /// Writes the skeletons in src/bin from the files in solutions, and overwrites them
    Skeletons,
    /// Makes a copy of the lab for students, without solutions, in a new folder
    Handout {
        /// The folder
        folder: PathBuf,
    },
    /// Checks that skeletons match solutions, and that skeletons, solutions and known mistakes
    /// get their verdicts
    Check {
        /// Check only that skeletons match solutions
        #[arg(long)]
        skeletons: bool,
    },
}

impl Dev {
    pub(crate) fn run(&self, workspace: &Workspace) -> CommandResult {
        match self {
            Self::Skeletons => write_skeletons(workspace),
            Self::Handout { folder } => {
                make_student_copy(workspace, folder)?;
                Ok(true)
            }
            Self::Check { skeletons } => {
                let is_right = check_skeletons(workspace)?;
                Ok(is_right & (*skeletons || check_verdicts(workspace)?))
            }
        }
    }
}

fn write_skeletons(workspace: &Workspace) -> CommandResult {
    let mut out = io::stdout().lock();
    for handout in handouts(workspace) {
        handout.write()?;
        writeln!(out, "written: {}", workspace.relative(&handout.skeleton))?;
    }
    Ok(true)
}

/// Checks that skeletons match their solutions.
fn check_skeletons(workspace: &Workspace) -> Result<bool> {
    let mut out = io::stdout().lock();
    let mut are_right = true;
    for handout in handouts(workspace) {
        let skeleton = workspace.relative(&handout.skeleton);
        let verdict = match handout.compare() {
            Ok(Comparison::Same) => "in step".into(),
            Ok(Comparison::Different) => {
                "differs from its solution: edit the solution, then run cargo lab dev skeletons"
                    .into()
            }
            Ok(Comparison::Missing) => "is missing: run cargo lab dev skeletons".into(),
            Err(error) if error.is::<io::Error>() => return Err(error),
            Err(error) => {
                let mistake = error.root_cause();
                format!("has a solution that is not marked properly: {mistake}")
            }
        };
        are_right &= verdict == "in step";
        writeln!(out, "{skeleton}: {verdict}")?;
    }
    Ok(are_right)
}

/// Checks the verdicts on skeletons, solutions and known mistakes.
fn check_verdicts(workspace: &Workspace) -> Result<bool> {
    let mut are_right = true;
    let skeletons = report_on(workspace, false)?;
    let tasks = skeletons.tasks.iter().filter(|task| task.max_score > 0);
    for task in tasks {
        let is_right = task.verdict() == Verdict::NotAttempted && task.score == 0;
        are_right &= tell("skeleton", task, is_right)?;
    }
    for task in &report_on(workspace, true)?.tasks {
        let is_right = task.verdict() == Verdict::Passed && task.score == task.max_score;
        are_right &= tell("solution", task, is_right)?;
    }
    let known = mistakes::mistakes(workspace)?;
    for judged in mistakes::judge(&mistakes::build_all(workspace), &known)? {
        let name = &judged.mistake.name;
        are_right &= tell(name, &judged.report, judged.is_as_expected())?;
    }
    Ok(are_right)
}

fn report_on(workspace: &Workspace, solutions: bool) -> Result<Report> {
    let mut selection = Selection::of(EXERCISES.iter().collect());
    selection.solutions = solutions;
    check(workspace, &selection)
}

/// Prints the verdict on a program. Returns whether it is right.
fn tell(name: &str, task: &TaskReport, is_right: bool) -> io::Result<bool> {
    let mut out = io::stdout().lock();
    let (program, verdict) = (task.name(), task.verdict());
    if is_right {
        writeln!(out, "{program}, {name}: {verdict}")?;
        return Ok(true);
    }
    writeln!(out, "{program}, {name}: WRONG VERDICT {verdict}")?;
    for check in &task.checks {
        let (name, verdict, message) = (&check.name, check.verdict, &check.message);
        writeln!(out, "  {name}: {verdict}: {message}")?;
    }
    Ok(false)
}
