//! `cargo lab` alone: where you stand, and the next step.

use super::{CommandResult, Outcome};
use checker::Workspace;
use checker::build::COMPILE_LIMIT;
use checker::checking::{Selection, Whose, check};
use checker::handout::{Handout, handouts};
use checker::judge::{TaskReport, Verdict};
use checker::quiz::answers::Answers;
use checker::quiz::quizzes;
use checker::seed::random_seed;
use std::io::{self, Write};

/// Judges the three tasks and names the next thing to do.
pub(crate) fn status(workspace: &Workspace) -> CommandResult {
    let selection = Selection {
        package: None,
        binary: None,
        whose: Whose::Student,
        compile_limit: COMPILE_LIMIT,
        seed: random_seed(),
    };
    let report = check(workspace, selection)?;
    let tasks: Vec<&TaskReport> = report
        .tasks
        .iter()
        .filter(|task| task.max_score > 0)
        .collect();
    let mut out = io::stdout().lock();
    for task in &tasks {
        let name = format!("{} {}", task.package, task.binary);
        let points = format!("{}/{}", task.score, task.max_score);
        writeln!(out, "{name:<24} {points:>6}  {}", task.verdict())?;
    }
    writeln!(
        out,
        "{:<24} {:>3}/{}",
        "all", report.score, report.max_score
    )?;
    let answers = Answers::load(workspace)?;
    let (right, all) = answers.score(&quizzes(workspace)?);
    if all > 0 {
        let right = format!("{right}/{all}");
        writeln!(out, "{:<24} {right:>6}  cargo lab quiz", "questions")?;
    }
    writeln!(out)?;
    let mut unfinished = tasks
        .iter()
        .filter(|task| task.verdict() != Verdict::Passed);
    let first = unfinished.clone().next();
    // What was begun is finished first.
    let begun = unfinished.find(|task| task.verdict() != Verdict::NotAttempted);
    let Some(task) = begun.or(first) else {
        writeln!(
            out,
            "All tasks are done. What is left are questions: cargo lab quiz, and the READMEs."
        )?;
        return Ok(Outcome::Passed);
    };
    let name = format!("{} --bin {}", task.package, task.binary);
    let package = workspace.package(&task.package)?;
    let folder = package.map(|package| package.folder).unwrap_or_default();
    let (folder, binary) = (workspace.relative(&folder), &task.binary);
    if task.verdict() == Verdict::NotAttempted {
        writeln!(out, "Next: read {folder}/README.md,")?;
        writeln!(out, "      then edit {folder}/src/bin/{binary}.rs.")?;
    } else {
        writeln!(out, "Next: go on with {folder}/src/bin/{binary}.rs.")?;
    }
    writeln!(out, "What is looked at:  cargo lab check {name}")?;
    // Where the solutions were taken out, nobody knows what is missing.
    let is_task =
        |handout: &Handout| (&handout.package, &handout.binary) == (&task.package, &task.binary);
    if handouts(workspace)?.iter().any(is_task) {
        writeln!(out, "A hint:             cargo lab hint {name}")?;
    }
    Ok(Outcome::Passed)
}
