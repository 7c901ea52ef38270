//! `cargo lab reset`: restores a skeleton and keeps the student's file.

use super::{CommandResult, Outcome, Which};
use checker::Workspace;
use std::io::{self, Write};

/// Restores a skeleton, and keeps the student's file beside it.
pub(crate) fn reset(workspace: &Workspace, which: &Which) -> CommandResult {
    let handout = which.task(workspace)?;
    let kept = handout.reset()?;
    let mut out = io::stdout().lock();
    let skeleton = workspace.relative(&handout.skeleton);
    writeln!(out, "{skeleton} is as it was handed out.")?;
    if let Some(kept) = kept {
        writeln!(out, "Your file is kept as {}.", workspace.relative(&kept))?;
    }
    Ok(Outcome::Passed)
}
