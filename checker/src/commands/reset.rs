//! `cargo lab reset`: restores a skeleton and keeps the student's file.

use super::{CommandResult, Which};
use checker::Workspace;

/// Restores a skeleton, and keeps the student's file beside it.
pub(crate) fn reset(which: &Which, workspace: &Workspace) -> CommandResult {
    let handout = which.task(workspace)?;
    let kept = handout.reset()?;
    let skeleton = workspace.relative(&handout.skeleton);
    let mut text = format!("{skeleton} is as it was handed out.\n");
    if let Some(kept) = kept {
        text += &format!("Your file is kept as {}.\n", workspace.relative(&kept));
    }
    super::say(&text)
}
