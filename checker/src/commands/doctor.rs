//! `cargo lab doctor`: does the lab work on this machine?

use super::CommandResult;
use anyhow::bail;
use checker::doctor::{State, examine, render};
use checker::{Workspace, terminal};

/// Examines the machine and shows the findings.
pub(crate) fn doctor(workspace: &Workspace) -> CommandResult {
    let findings = examine(workspace);
    let width = terminal::width().clamp(40, 100);
    terminal::print(&render(&findings, width))?;
    let mut states = findings.iter().map(|(_, finding)| finding.state);
    if states.any(|state| state == State::Broken) {
        bail!("the lab does not work here until that is repaired (✗)");
    }
    Ok(true)
}
