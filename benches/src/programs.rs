//! The programs that are compared as wholes.

use crate::pairs::output;
use crate::results::target_folder;
use anyhow::{Context, Result};
use common::report;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// How much a bench of whole programs does.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// How often each program runs.
    pub rounds: usize,
    /// Numbers to sum.
    pub len: usize,
    /// Workers to create, one after the other.
    pub workers: usize,
}

impl Effort {
    /// As cargo's command line wants it. `None` if the bench of this name is not to run.
    #[must_use]
    pub fn of_command_line(bench: &str) -> Option<Self> {
        let arguments: Vec<_> = env::args().skip(1).collect();
        let is_value =
            |place: usize| place > 0 && TAKE_VALUES.contains(&arguments[place - 1].as_str());
        let mut filters = arguments.iter().enumerate();
        let filter =
            filters.find(|(place, argument)| !argument.starts_with('-') && !is_value(*place));
        let is_meant = filter.is_none_or(|(_, filter)| bench.contains(filter.as_str()));
        if has_flag("--list") || !is_meant {
            return None;
        }
        let (rounds, len, workers) = match (
            has_flag("--test") || !has_flag("--bench"),
            has_flag("--quick"),
        ) {
            (true, _) => (1, 1_000_000, 10),
            (false, true) => (3, 10_000_000, 300),
            (false, false) => (11, 100_000_000, 2000),
        };
        Some(Self {
            rounds,
            len,
            workers,
        })
    }
}

/// Whether the command line has this flag.
#[must_use]
pub fn has_flag(flag: &str) -> bool {
    env::args().any(|argument| argument == flag)
}

/// Criterion's options with a value, as far as one would use them here.
const TAKE_VALUES: [&str; 4] = [
    "--save-baseline",
    "--baseline",
    "--measurement-time",
    "--sample-size",
];

/// Builds the programs of `sum-array` as `cargo run` does. Their folder is one of their own, as
/// other exercises have programs of these names.
///
/// # Errors
///
/// When they can't be built.
pub fn build_sum_array() -> Result<PathBuf> {
    let target = target_folder()?;
    let folder = target.join("lab/sum-array");
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut build = Command::new(cargo);
    build
        .args([
            "build",
            "--quiet",
            "--package",
            "sum-array",
            "--bins",
            "--target-dir",
        ])
        .arg(&folder)
        .env("CARGO_BUILD_BUILD_DIR", target);
    output(&mut build)?;
    Ok(folder.join("debug"))
}

/// Compiles a C program with gcc. `None`, and a message, if that fails.
///
/// # Errors
///
/// When there is no folder for it.
pub fn compile(name: &str) -> Result<Option<PathBuf>> {
    let folder = target_folder()?.join("peers");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let source = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("peers")
        .join(name);
    let program = folder.join(name);
    let mut gcc = Command::new("gcc");
    gcc.args(["-O3", "-march=native", "-pthread", "-Wall", "-Wextra"])
        .args((name == "sum_openmp").then_some("-fopenmp"))
        .arg(source.with_extension("c"))
        .arg("-o")
        .arg(&program);
    match output(&mut gcc) {
        Ok(_) => Ok(Some(program)),
        Err(error) => {
            report(format_args!("{name} in C: left out, {error:#}"));
            Ok(None)
        }
    }
}
