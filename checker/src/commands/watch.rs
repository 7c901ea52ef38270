//! `cargo lab watch`: checks again whenever a file is saved.

use super::{CommandResult, Outcome, Which};
use checker::Workspace;
use std::ffi::OsString;

/// Runs `cargo lab check` with the same selection, now and after every save. Without a
/// selection, checks the student's current task.
pub(crate) fn watch(workspace: &Workspace, which: &Which) -> CommandResult {
    which.exercises(workspace)?;
    // The argument is the name of an exercise, so it does not begin with a dash.
    let mut names: Vec<OsString> = which.package.iter().map(Into::into).collect();
    names.extend(which.binary().map(|name| format!("--bin={name}").into()));
    let current = OsString::from("--current");
    let check_args = if names.is_empty() {
        vec![current]
    } else {
        names.clone()
    };
    checker::watch::watch(workspace, &check_args, &names)?;
    Ok(Outcome::Passed)
}
