//! `cargo lab explore`.

use super::{CommandResult, Outcome, Which};
use checker::explore::{Order, Plan, Request, explore_differences, replay};
use checker::handout::Handout;
use checker::terminal::{progress, width};
use checker::{Build, Workspace};
use std::ffi::OsString;
use std::fs;
use std::io::{self, Write};
use std::path::Path;

/// Tries the schedules of a program and shows the first that fails, or shows one given
/// schedule.
pub(crate) fn explore(
    workspace: &Workspace,
    which: &Which,
    mut args: Vec<OsString>,
    plan: Plan,
    order: Option<&Order>,
    svg_file: Option<&Path>,
) -> CommandResult {
    let (exercise, binary) = which.program(workspace)?;
    if let (true, Some(task)) = (args.is_empty(), exercise.task) {
        args = task.args.iter().map(Into::into).collect();
    }
    let source = match Handout::of(workspace, exercise) {
        Some(handout) if binary != exercise.binary => handout.solution,
        _ => workspace.root().join(exercise.source()),
    };
    let request = Request {
        build: &Build::package(workspace, exercise.package, &[&binary]),
        package: exercise.package,
        binary: &binary,
        source,
        args,
    };
    progress("compiling ...");
    let explored = match order {
        Some(order) => replay(&request, order),
        None => explore_differences(&request, &plan, progress),
    }?;
    progress("");
    if let (Some(path), Some(picture)) = (svg_file, explored.svg()) {
        let cannot = |error| format!("cannot write {}: {error}", path.display());
        fs::write(path, picture).map_err(cannot)?;
    }
    write!(io::stdout().lock(), "{}", explored.text(width()))?;
    Ok(match explored.is_right() {
        true => Outcome::Passed,
        false => Outcome::Failed,
    })
}
