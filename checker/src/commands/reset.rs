//! `cargo lab reset`: back to the beginning, with nothing lost.

use super::{CommandResult, Outcome, task};
use checker::Workspace;
use std::io::{self, Write};

/// Puts a skeleton back, and keeps the student's file beside it.
pub(crate) fn reset(
    workspace: &Workspace,
    package: Option<&str>,
    binary: Option<&str>,
) -> CommandResult {
    let handout = task(workspace, package, binary)?;
    let kept = handout.reset()?;
    let show = |path: &std::path::Path| {
        let path = path.strip_prefix(workspace.root()).unwrap_or(path);
        path.display().to_string()
    };
    let mut out = io::stdout().lock();
    writeln!(out, "{} is as it was handed out.", show(&handout.skeleton))?;
    if let Some(kept) = kept {
        writeln!(out, "Your file is kept as {}.", show(&kept))?;
    }
    Ok(Outcome::Passed)
}
