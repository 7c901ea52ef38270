//! `cargo lab show`: shows a saved report in another format.

use super::CommandResult;
use anyhow::{Context, Result, bail};
use checker::format::{Format, render};
use checker::judge::{Report, SCHEMA};
use checker::terminal::{self, without_colors};
use nix::unistd::mkstemp;
use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// Shows a report of check again, from its JSON file
#[derive(clap::Args)]
pub(crate) struct Show {
    /// The report
    report: PathBuf,
    #[command(flatten)]
    form: Form,
}

// The form of a report, and its place.
#[derive(clap::Args)]
pub(super) struct Form {
    /// The format of the report
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// Write the report to this file
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl Show {
    pub(crate) fn run(&self) -> CommandResult {
        let path = self.report.display();
        let text = fs::read(&self.report).with_context(|| format!("cannot read {path}"))?;
        let report: Report = serde_json::from_slice(&text)
            .with_context(|| format!("{path} is no report in the format json"))?;
        if report.schema != SCHEMA {
            bail!("{path} was written by another version of the lab");
        }
        self.form.write(&report)?;
        Ok(true)
    }
}

impl Form {
    pub(super) fn is_for_terminal(&self) -> bool {
        self.format == Format::Human && self.output.is_none()
    }

    /// Writes a report to the file, or to standard output.
    pub(super) fn write(&self, report: &Report) -> Result<()> {
        let Some(path) = &self.output else {
            let text = render(report, self.format, terminal::width().clamp(40, 100))?;
            return terminal::print(&text).context("cannot write the report");
        };
        let text = without_colors(&render(report, self.format, 80)?);
        let cannot = || format!("cannot write {}", path.display());
        replace(path, text.as_bytes()).with_context(cannot)
    }
}

/// Replaces a file. A link from a submission is replaced itself, and its target stays
/// unchanged. A device or a pipe is written to.
fn replace(path: &Path, contents: &[u8]) -> io::Result<()> {
    let existing = path.symlink_metadata().ok();
    if existing.is_some_and(|file| !file.is_file() && !file.is_symlink()) {
        return fs::write(path, contents);
    }
    let (file, new) = mkstemp(&path.with_file_name(".cargo-lab-XXXXXX"))?;
    let mut file = File::from(file);
    let mut write = || -> io::Result<()> {
        file.write_all(contents)?;
        file.set_permissions(fs::Permissions::from_mode(0o644))?;
        fs::rename(&new, path)
    };
    write().inspect_err(|_| drop(fs::remove_file(&new)))
}
