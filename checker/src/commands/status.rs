//! `cargo lab` without a command: shows the points and the next step.

use super::{CommandResult, Outcome, current, judged};
use checker::Workspace;
use checker::exercises::{EXERCISES, exercise};
use checker::judge::Verdict;
use checker::quiz::answers::Answers;
use checker::quiz::quizzes;
use std::io::{self, Write};

/// Judges the tasks and shows the next step.
pub(crate) fn status(workspace: &Workspace) -> CommandResult {
    let tasks = EXERCISES.iter().filter(|exercise| exercise.task.is_some());
    let tasks = judged(workspace, &tasks.collect::<Vec<_>>())?;
    let mut out = io::stdout().lock();
    let (mut score, mut max_score) = (0, 0);
    for report in &tasks {
        let name = report.name();
        let points = format!("{}/{}", report.score, report.max_score);
        writeln!(out, "{name:<24} {points:>6}  {}", report.verdict())?;
        score += report.score;
        max_score += report.max_score;
    }
    writeln!(out, "{:<24} {score:>3}/{max_score}", "all")?;
    let (right, all) = Answers::load(workspace)?.score(&quizzes(workspace)?);
    if all > 0 {
        let right = format!("{right}/{all}");
        writeln!(out, "{:<24} {right:>6}  cargo lab quiz", "questions")?;
    }
    writeln!(out)?;
    let next = current(&tasks);
    let next = next.and_then(|task| Some((exercise(&task.package, &task.binary)?, task)));
    let Some((exercise, report)) = next else {
        writeln!(
            out,
            "All tasks are done. More questions: cargo lab quiz, and the chapters in book/src."
        )?;
        return Ok(Outcome::Passed);
    };
    let (folder, binary, name) = (exercise.folder, exercise.binary, exercise.name());
    if report.verdict() == Verdict::NotAttempted {
        writeln!(out, "Next: read {folder}/README.md,")?;
        writeln!(out, "      then edit {folder}/src/bin/{binary}.rs.")?;
    } else {
        writeln!(out, "Next: go on with {folder}/src/bin/{binary}.rs.")?;
    }
    writeln!(out, "The full report:    cargo lab check {name}")?;
    writeln!(out, "A hint:             cargo lab hint {name}")?;
    Ok(Outcome::Passed)
}
