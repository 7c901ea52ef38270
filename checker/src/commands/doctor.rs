//! `cargo lab doctor`: does the lab work on this machine?

use super::CommandResult;
use anyhow::bail;
use checker::doctor::{Finding, State, examine, render};
use checker::{Workspace, terminal};
use std::process::ExitCode;

/// Examines the machine and shows the findings.
pub(crate) fn doctor(workspace: &Workspace) -> CommandResult {
    let findings = examine(workspace);
    let width = terminal::width().clamp(40, 100);
    terminal::print(&render(&findings, width))?;
    let is_broken = |finding: &Finding| finding.state == State::Broken;
    if findings.iter().any(is_broken) {
        bail!("the lab does not work here until that is repaired (✗)");
    }
    Ok(ExitCode::SUCCESS)
}
