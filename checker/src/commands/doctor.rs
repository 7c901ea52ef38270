//! `cargo lab doctor`: does the lab work on this machine?

use super::{CommandResult, Outcome};
use checker::doctor::{Finding, State, examine, render};
use checker::{Workspace, terminal};
use std::io::{self, Write};

/// Examines the machine and shows the findings.
pub(crate) fn doctor(workspace: &Workspace) -> CommandResult {
    let findings = examine(workspace);
    let width = terminal::width().clamp(40, 100);
    let text = render(&findings, terminal::has_colors(), width);
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    let is_broken = |finding: &Finding| finding.state == State::Broken;
    if findings.iter().any(is_broken) {
        return Err("the lab does not work here until that is repaired (✗)".into());
    }
    Ok(Outcome::Passed)
}
