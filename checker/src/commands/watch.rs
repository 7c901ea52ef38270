//! `cargo lab watch`: checks again whenever a file is saved.

use super::{CommandResult, Outcome, Which};
use checker::Workspace;

/// Runs `cargo lab check` with the same selection, now and after every save.
pub(crate) fn watch(workspace: &Workspace, which: &Which) -> CommandResult {
    which.exercises(workspace)?;
    let mut check_args = Vec::new();
    check_args.extend(which.binary().map(|name| format!("--bin={name}").into()));
    // A name that begins with a dash is no option.
    let package = which.package.as_deref().into_iter();
    check_args.extend(package.flat_map(|name| ["--".into(), name.into()]));
    checker::watch::watch(workspace, &check_args)?;
    Ok(Outcome::Passed)
}
