//! `cargo lab check`: judges programs and shows what came of it.

use super::{CommandResult, Outcome};
use checker::checking::{Selection, check};
use checker::format::{Format, Style, render};
use checker::judge::{Report, Status};
use checker::{Workspace, terminal};
use std::fs;
use std::io::{self, Write};
use std::path::Path;

/// Judges the selected programs.
pub(crate) fn check_programs(
    workspace: &Workspace,
    selection: Selection<'_>,
    format: Format,
    output: Option<&Path>,
) -> CommandResult {
    let report = check(workspace, selection)?;
    let style = match output {
        Some(_) => Style::PLAIN,
        None => Style {
            color: terminal::has_colors(),
            width: terminal::width().clamp(40, 100),
        },
    };
    let text = render(&report, format, style)?;
    match output {
        Some(path) => fs::write(path, text)
            .map_err(|error| format!("cannot write {}: {error}", path.display()))?,
        None => {
            let mut out = io::stdout().lock();
            out.write_all(text.as_bytes())?;
            out.flush()?;
        }
    }
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
