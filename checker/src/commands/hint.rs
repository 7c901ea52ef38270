//! `cargo lab hint`: a little help, or more of it.

use super::{CommandResult, Outcome, task};
use checker::Workspace;
use checker::hints::hints;
use std::io::{self, Write};

/// Prints hint number `step`, 1 to 3.
pub(crate) fn hint(
    workspace: &Workspace,
    package: Option<&str>,
    binary: Option<&str>,
    step: usize,
) -> CommandResult {
    let task = task(workspace, package, binary)?;
    let name = format!("{} --bin {}", task.package, task.binary);
    let hints = hints(&task.package, &task.binary).ok_or("there are no hints for this task")?;
    let hint = hints
        .get(step.saturating_sub(1))
        .ok_or("there are three steps: 1, 2 and 3")?;
    let mut out = io::stdout().lock();
    writeln!(out, "Hint {step} of 3 for {name}\n")?;
    for line in textwrap::wrap(hint, 78) {
        writeln!(out, "  {line}")?;
    }
    if step < hints.len() {
        writeln!(out, "\nMore: cargo lab hint {name} --step {}", step + 1)?;
    } else {
        let solution = workspace.relative(&task.solution);
        writeln!(out, "\nThe solution: {solution}")?;
    }
    Ok(Outcome::Passed)
}
