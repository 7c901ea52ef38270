//! `cargo lab show`: shows a saved report in another format.

use super::{CommandResult, Outcome};
use checker::format::{Format, Style, render};
use checker::judge::{Report, SCHEMA};
use checker::terminal;
use nix::unistd::mkstemp;
use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// Why a report can't be shown.
#[derive(Debug, thiserror::Error)]
pub(super) enum ShowError {
    #[error("cannot read {}", path.display())]
    Read { path: PathBuf, source: io::Error },
    #[error("{} is no report in the format json", path.display())]
    NoReport {
        path: PathBuf,
        source: serde_json::Error,
    },
    #[error("{} was written by another version of the lab", path.display())]
    OtherVersion { path: PathBuf },
    #[error("cannot write {}", path.display())]
    Write { path: PathBuf, source: io::Error },
    #[error("cannot write the report")]
    Print(#[from] io::Error),
    #[error("cannot write JSON")]
    Json(#[from] serde_json::Error),
}

/// Shows a report that was written as JSON.
pub(crate) fn show_report(file: &Path, format: Format, output: Option<&Path>) -> CommandResult {
    write(&read(file)?, format, output)?;
    Ok(Outcome::Passed)
}

fn read(path: &Path) -> Result<Report, ShowError> {
    let text = fs::read(path).map_err(|source| ShowError::Read {
        path: path.into(),
        source,
    })?;
    let report: Report = serde_json::from_slice(&text).map_err(|source| ShowError::NoReport {
        path: path.into(),
        source,
    })?;
    if report.schema != SCHEMA {
        return Err(ShowError::OtherVersion { path: path.into() });
    }
    Ok(report)
}

/// Writes a report to a file, or to standard output.
pub(super) fn write(
    report: &Report,
    format: Format,
    output: Option<&Path>,
) -> Result<(), ShowError> {
    let style = match output {
        Some(_) => Style::PLAIN,
        None => Style {
            color: terminal::has_colors(),
            width: terminal::width().clamp(40, 100),
        },
    };
    let text = render(report, format, style)?;
    match output {
        Some(path) => replace(path, text.as_bytes()).map_err(|source| ShowError::Write {
            path: path.into(),
            source,
        }),
        None => {
            let mut out = io::stdout().lock();
            out.write_all(text.as_bytes())?;
            Ok(out.flush()?)
        }
    }
}

/// Replaces a file. A link from a submission is replaced itself, and its target stays
/// unchanged. A device or a pipe is written to.
fn replace(path: &Path, contents: &[u8]) -> io::Result<()> {
    let existing = path.symlink_metadata().ok();
    let is_special = |kind: fs::FileType| !(kind.is_file() || kind.is_symlink());
    if existing.is_some_and(|file| is_special(file.file_type())) {
        return fs::write(path, contents);
    }
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let (file, new) = mkstemp(&folder.join(".cargo-lab-XXXXXX"))?;
    let mut file = File::from(file);
    let mut write = || -> io::Result<()> {
        file.write_all(contents)?;
        file.set_permissions(fs::Permissions::from_mode(0o644))?;
        fs::rename(&new, path)
    };
    write().inspect_err(|_| drop(fs::remove_file(&new)))
}
