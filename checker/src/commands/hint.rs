//! `cargo lab hint`: prints a hint for a task.

use super::{CommandResult, Outcome, Which};
use checker::Workspace;
use checker::quiz::answers::Answers;
use checker::terminal;
use std::io::{self, Write};

/// Prints the requested hint, 1 to 3, or else the hint after the last one.
pub(crate) fn hint(workspace: &Workspace, which: &Which, step: Option<usize>) -> CommandResult {
    let handout = which.task(workspace)?;
    let name = handout.exercise.name();
    let hints = handout
        .exercise
        .task
        .map(|task| task.hints)
        .unwrap_or_default();
    let mut seen = Answers::load(workspace)?;
    let key = format!("hint {name}");
    let last: usize = seen
        .to(&key)
        .and_then(|step| step.parse().ok())
        .unwrap_or(0);
    let next = (last + 1).min(hints.len());
    let hint = hints
        .get(step.unwrap_or(next).wrapping_sub(1))
        .ok_or("there are three steps: 1, 2 and 3")?;
    let is_next = step.is_none();
    let step = step.unwrap_or(next);
    let mut out = io::stdout().lock();
    writeln!(out, "Hint {step} of 3 for {name}\n")?;
    for line in textwrap::wrap(hint, terminal::width().clamp(40, 80) - 2) {
        writeln!(out, "  {line}")?;
    }
    if step < hints.len() {
        writeln!(out, "\nMore: cargo lab hint {name}")?;
    } else if handout.solution.exists() {
        writeln!(
            out,
            "\nThe solution: {}",
            workspace.relative(&handout.solution)
        )?;
    }
    if is_next {
        seen.keep(&key, &step.to_string())?;
    }
    Ok(Outcome::Passed)
}
