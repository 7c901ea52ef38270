//! The programs that are compared as wholes.

use crate::pairs::output;
use crate::results::target_folder;
use anyhow::{Context, Result};
use common::report;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

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
        .args(["build", "--quiet", "--package", "sum-array", "--bins"])
        .arg("--target-dir")
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
    let peers = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers");
    let program = folder.join(name);
    let mut gcc = Command::new("gcc");
    gcc.args(["-O3", "-march=native", "-pthread", "-Wall", "-Wextra"])
        .args((name == "sum_openmp").then_some("-fopenmp"))
        .arg(peers.join(name).with_extension("c"))
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
