//! `cargo lab trace`.

use super::{CommandResult, Outcome};
use checker::checking::PROGRAMS;
use checker::handout::{HandoutError, handouts};
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
    #[error("there is no program {package} {binary}; there are:{known}")]
    NoSuchProgram {
        package: String,
        binary: String,
        known: String,
    },
    #[error("cargo has built no program {binary}")]
    NotBuilt { binary: String },
    #[error("cannot write {}", path.display())]
    Write { path: PathBuf, source: io::Error },
}

/// Runs a program of the lab and draws what it did, on standard output and into a
/// file.
pub(crate) fn trace(
    workspace: &Workspace,
    package: &str,
    binary: &str,
    args: &[OsString],
    svg_file: Option<&Path>,
) -> CommandResult {
    let known = programs(workspace)?;
    if !known.iter().any(|(p, b)| p == package && b == binary) {
        let known = known.iter().map(|(p, b)| format!("\n  {p} {b}"));
        return Err(Box::new(TraceError::NoSuchProgram {
            package: package.into(),
            binary: binary.into(),
            known: known.collect(),
        }));
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
    let run = Run::new(program).args(args).watch_waits();
    let timeline = Timeline::new(&run.limits(limits).observe()?);

    if let Some(path) = svg_file {
        let picture = svg(&timeline, &title(package, binary, args));
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
    let written = writeln!(out, "{drawing}\n{end}").and_then(|()| out.flush());
    match written {
        // Nobody reads on: `| head`.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
        written => written?,
    }
    Ok(Outcome::Passed)
}

/// All programs of the lab, with the solutions.
fn programs(workspace: &Workspace) -> Result<Vec<(String, String)>, HandoutError> {
    let with_solution = handouts(workspace)?;
    let mut programs = Vec::new();
    for (package, binary) in PROGRAMS {
        programs.push((package.to_owned(), binary.to_owned()));
        let is_it = |p: &str, b: &str| p == package && b == binary;
        if with_solution
            .iter()
            .any(|handout| is_it(&handout.package, &handout.binary))
        {
            programs.push((package.to_owned(), format!("{binary}-solution")));
        }
    }
    Ok(programs)
}

/// The command line that is drawn.
fn title(package: &str, binary: &str, args: &[OsString]) -> String {
    let args = args.iter().map(|arg| format!(" {}", arg.display()));
    format!("{package} {binary}{}", args.collect::<String>())
}
