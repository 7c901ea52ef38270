//! `cargo lab check`: judges programs and shows the verdicts.

use super::{CommandResult, Outcome, current, show};
use checker::Workspace;
use checker::checking::{Selection, check};
use checker::format::Format;
use checker::judge::{Report, Status};
use std::path::Path;

/// Judges the selected programs.
pub(crate) fn check_programs(
    workspace: &Workspace,
    selection: &Selection,
    only_current: bool,
    format: Format,
    output: Option<&Path>,
) -> CommandResult {
    let mut report = check(workspace, selection)?;
    if only_current && let Some(current) = current(&report.tasks) {
        report = Report::new(vec![current.clone()], report.seed);
    }
    show::write(&report, format, output)?;
    outcome(&report)
}

fn outcome(report: &Report) -> CommandResult {
    let has = |status| report.tasks.iter().any(|task| task.status == status);
    if has(Status::Error) {
        return Err("some programs could not be judged, and that is not their fault".into());
    }
    Ok(if has(Status::Failed) {
        Outcome::Failed
    } else {
        Outcome::Passed
    })
}
