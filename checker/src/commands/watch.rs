//! `cargo lab watch`: checks again whenever a file is saved.

use super::{CommandResult, Outcome, Which};
use checker::Workspace;
use std::ffi::OsString;

/// Runs `cargo lab check` with the same selection, now and after every save; without one, of
/// the task that the student is at.
pub(crate) fn watch(workspace: &Workspace, which: &Which) -> CommandResult {
    which.exercises(workspace)?;
    let mut names: Vec<OsString> = Vec::new();
    names.extend(which.binary().map(|name| format!("--bin={name}").into()));
    // A name that begins with a dash is no option.
    let package = which.package.as_deref().into_iter();
    names.extend(package.flat_map(|name| ["--".into(), name.into()]));
    let current = OsString::from("--current");
    let check_args = if names.is_empty() {
        vec![current]
    } else {
        names.clone()
    };
    checker::watch::watch(workspace, &check_args, &names)?;
    Ok(Outcome::Passed)
}
