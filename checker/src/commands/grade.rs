//! `cargo lab grade`: grades the submissions of a class.

use super::{CommandResult, Outcome};
use checker::Workspace;
use checker::grade::{Shard, csv, grade, html, json};
use checker::terminal::progress;
use std::io::{self, Write};
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::{fs, thread};

/// Grades submissions into tables beside each other: `OUTPUT.csv`, `.json` and `.html`.
pub(crate) fn grade_all(
    workspace: &Workspace,
    folders: &[PathBuf],
    output: &Path,
    jobs: Option<usize>,
    shard: Option<Shard>,
) -> CommandResult {
    // While one program waits, another one computes.
    let cpus = || thread::available_parallelism().map_or(1, NonZero::get);
    let jobs = jobs.unwrap_or_else(|| cpus() + 1).max(1);
    let tell = |done, all| progress(&format!("{done} of {all} graded"));
    let journal = output.with_added_extension("journal");
    let graded = grade(workspace, folders, &journal, jobs, shard, tell)?;
    progress("");
    for (extension, text) in [
        ("csv", csv(&graded)),
        ("json", json(&graded)?),
        ("html", html(&graded)?),
    ] {
        fs::write(output.with_added_extension(extension), text)?;
    }
    let ungraded = graded.iter().filter(|one| one.report.is_none());
    let mut out = io::stdout().lock();
    for one in ungraded.clone() {
        let problem = one.problem.as_deref().unwrap_or_default();
        writeln!(out, "not graded: {}: {problem}", one.submission)?;
    }
    let count = graded.len() - ungraded.count();
    let output = output.display();
    writeln!(
        out,
        "{count} graded: {output}.csv, {output}.json, {output}.html"
    )?;
    Ok(if count == graded.len() {
        Outcome::Passed
    } else {
        Outcome::Failed
    })
}
