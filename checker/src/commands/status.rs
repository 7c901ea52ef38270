//! `cargo lab` without a command: shows the points and the next step.

use super::{CommandResult, current};
use checker::Workspace;
use checker::checking::{Selection, check};
use checker::exercises::{EXERCISES, exercise};
use checker::judge::Verdict;
use checker::quiz::answers::Answers;
use checker::quiz::quizzes;
use std::fmt::Write;

/// Judges the tasks and shows the next step.
pub(crate) fn status(workspace: &Workspace) -> CommandResult {
    let tasks = EXERCISES.iter().filter(|exercise| exercise.task.is_some());
    let report = check(workspace, &Selection::of(tasks.collect()))?;
    let mut text = String::new();
    for task in &report.tasks {
        let name = task.name();
        let points = format!("{}/{}", task.score, task.max_score);
        writeln!(text, "{name:<24} {points:>6}  {}", task.verdict())?;
    }
    let (points, most) = (report.score, report.max_score);
    writeln!(text, "{:<24} {points:>3}/{most}", "all")?;
    let (right, all) = Answers::load(workspace)?.score(&quizzes(workspace)?);
    if all > 0 {
        let right = format!("{right}/{all}");
        writeln!(text, "{:<24} {right:>6}  cargo lab quiz", "questions")?;
    }
    if let Some(task) = current(&report.tasks)
        && let Some(exercise) = exercise(&task.package, &task.binary)
    {
        let name = exercise.name();
        let step = match task.verdict() {
            Verdict::NotAttempted => exercise.first_step(),
            _ => format!("Next: go on with {}.", exercise.source().display()),
        };
        writeln!(text, "\n{step}")?;
        writeln!(text, "The full report:    cargo lab check {name}")?;
        writeln!(text, "A hint:             cargo lab hint {name}")?;
    } else {
        text +=
            "\nAll tasks are done. More questions: cargo lab quiz, and the chapters in book/src.\n";
    }
    super::say(&text)
}
