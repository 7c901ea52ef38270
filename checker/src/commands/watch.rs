//! `cargo lab watch`: checks again whenever a file is saved.

use super::{CommandResult, Which};
use checker::Workspace;
use std::ffi::OsString;

/// Runs `cargo lab check` with the same selection, now and after every save. Without a
/// selection, checks the student's current task.
pub(crate) fn watch(which: &Which, workspace: &Workspace) -> CommandResult {
    which.exercises(workspace)?;
    // The argument is the name of an exercise, so it does not begin with a dash.
    let mut names: Vec<OsString> = which.package.iter().map(Into::into).collect();
    names.extend(which.binary().map(|name| format!("--bin={name}").into()));
    let check_args = match names.is_empty() {
        true => vec!["--current".into()],
        false => names.clone(),
    };
    checker::watch::watch(workspace, &check_args, &names)?;
    Ok(true)
}
