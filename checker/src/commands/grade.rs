//! `cargo lab grade`: grades the submissions of a class.

use super::CommandResult;
use checker::Workspace;
use checker::grade::{csv, grade, html, json, shard};
use checker::terminal::{self, progress};
use std::fmt::Write;
use std::num::NonZero;
use std::path::PathBuf;
use std::thread;

/// Grades the submissions of a class into one table
#[derive(clap::Args)]
pub(crate) struct Grade {
    /// A submission, or a folder of submissions
    #[arg(required = true, value_name = "FOLDER")]
    folders: Vec<PathBuf>,
    /// Write OUTPUT.csv, .json and .html, and continue where OUTPUT.journal ends
    #[arg(long, default_value = "grades")]
    output: PathBuf,
    /// The number of submissions graded at a time; by default, the number of CPUs plus 1
    #[arg(long)]
    jobs: Option<usize>,
    /// Grade only one share, such as the first of three (1/3), where several machines grade
    /// one class
    #[arg(long, value_name = "SHARE/SHARES", value_parser = shard)]
    shard: Option<(usize, usize)>,
}

impl Grade {
    pub(crate) fn run(&self, workspace: &Workspace) -> CommandResult {
        // While one program waits, another one computes.
        let cpus = || thread::available_parallelism().map_or(1, NonZero::get);
        let jobs = self.jobs.unwrap_or_else(|| cpus() + 1).max(1);
        let tell = |done, all| progress(&format!("{done} of {all} graded"));
        let file = |extension| self.output.with_added_extension(extension);
        let journal = file("journal");
        let graded = grade(workspace, &self.folders, &journal, jobs, self.shard, tell)?;
        progress("");
        super::write_file(&file("csv"), &csv(&graded))?;
        super::write_file(&file("json"), &json(&graded)?)?;
        super::write_file(&file("html"), &html(&graded)?)?;
        let mut text = String::new();
        for one in &graded {
            if let Some(problem) = &one.problem {
                writeln!(text, "no score: {}: {problem}", one.submission)?;
            }
        }
        let count = graded.iter().filter(|one| one.problem.is_none()).count();
        let output = self.output.display();
        let files = format!("{output}.csv, {output}.json, {output}.html");
        writeln!(text, "{count} graded: {files}")?;
        terminal::print(&text)?;
        Ok(count == graded.len())
    }
}
