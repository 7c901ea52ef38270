//! `cargo lab` without a command: shows the points and the next step.

use super::{CommandResult, current, judged};
use checker::Workspace;
use checker::exercises::{EXERCISES, exercise};
use checker::judge::Verdict;
use checker::quiz::answers::Answers;
use checker::quiz::quizzes;
use std::fmt::Write;

/// Judges the tasks and shows the next step.
pub(crate) fn status(workspace: &Workspace) -> CommandResult {
    let tasks = EXERCISES.iter().filter(|exercise| exercise.task.is_some());
    let tasks = judged(workspace, &tasks.collect::<Vec<_>>())?;
    let mut text = String::new();
    let (mut score, mut max_score) = (0, 0);
    for report in &tasks {
        let name = report.name();
        let points = format!("{}/{}", report.score, report.max_score);
        writeln!(text, "{name:<24} {points:>6}  {}", report.verdict())?;
        score += report.score;
        max_score += report.max_score;
    }
    writeln!(text, "{:<24} {score:>3}/{max_score}", "all")?;
    let (right, all) = Answers::load(workspace)?.score(&quizzes(workspace)?);
    if all > 0 {
        let right = format!("{right}/{all}");
        writeln!(text, "{:<24} {right:>6}  cargo lab quiz", "questions")?;
    }
    let next = current(&tasks);
    let next = next.and_then(|task| Some((exercise(&task.package, &task.binary)?, task)));
    if let Some((exercise, report)) = next {
        let name = exercise.name();
        let step = match report.verdict() {
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
