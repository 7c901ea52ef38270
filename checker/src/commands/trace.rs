//! `cargo lab trace`.

use super::{CommandResult, Outcome, Which};
use checker::format::escape::excerpt;
use checker::judge::intervention::Intervention;
use checker::trace::{TextStyle, Timeline, svg, text};
use checker::{Build, Workspace, terminal};
use engine::{Limits, Run};
use std::ffi::OsString;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Why a program can't be traced.
#[derive(Debug, thiserror::Error)]
enum TraceError {
    #[error("cargo has built no program {binary}")]
    NotBuilt { binary: String },
    #[error("cannot write {}", path.display())]
    Write { path: PathBuf, source: io::Error },
}

/// Runs a program of the lab and draws the run, on standard output and into a file.
pub(crate) fn trace(
    workspace: &Workspace,
    which: &Which,
    mut args: Vec<OsString>,
    intervention: Intervention,
    svg_file: Option<&Path>,
) -> CommandResult {
    let (exercise, binary) = which.program(workspace)?;
    let (package, binary) = (exercise.package, binary.as_str());
    if let (true, Some(task)) = (args.is_empty(), exercise.task) {
        args = task.args.iter().map(Into::into).collect();
    }
    let built = Build::package(workspace, package, &[binary]).run()?;
    let program = built.programs.get(binary).ok_or_else(|| {
        let binary = binary.into();
        TraceError::NotBuilt { binary }
    })?;
    // The exercises have up to 1024 threads.
    let limits = Limits {
        tasks: 1100,
        ..Limits::default()
    };
    let run = Run::new(program).args(&args).watch_waits().limits(limits);
    let observed = intervention.apply(run).observe()?;
    let timeline = Timeline::new(&observed);

    if let Some(path) = svg_file {
        let picture = svg(&timeline, &title(package, binary, &args));
        fs::write(path, picture).map_err(|source| TraceError::Write {
            path: path.into(),
            source,
        })?;
    }
    let mut out = io::stdout().lock();
    let style = TextStyle {
        width: terminal::width(),
        color: terminal::has_colors(),
    };
    let drawing = text(&timeline, style);
    let end = timeline.how_it_ended();
    writeln!(out, "{drawing}\n{end}")?;
    for (heading, written) in [
        ("It printed", &observed.stdout),
        ("It reported", &observed.stderr),
    ] {
        write!(
            out,
            "{}",
            excerpt(heading, written, MOST_LINES, style.width)
        )?;
    }
    Ok(Outcome::Passed)
}

/// The number of lines of the program's output that are shown.
const MOST_LINES: usize = 10;

/// The command line in the drawing.
fn title(package: &str, binary: &str, args: &[OsString]) -> String {
    let args = args.iter().map(|arg| format!(" {}", arg.display()));
    format!("{package} {binary}{}", args.collect::<String>())
}
