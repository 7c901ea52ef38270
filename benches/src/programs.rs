//! The programs that are compared as wholes. Two of them run in turns, so that other load on the
//! machine affects both.

use crate::progress::{has_flag, show_progress};
use crate::results::{Interval, Time, id, target_folder, write};
use anyhow::{Context, Result, anyhow, bail};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Instant;
use std::{env, fs};

/// Two programs that do the same.
#[derive(Debug)]
pub struct Pair {
    /// Group and function: the ratio is kept under this id.
    pub function: String,
    /// What grows, if anything does.
    pub value: Option<usize>,
    /// What is compared.
    pub measure: Measure,
    /// The two command lines.
    pub commands: [Command; 2],
}

/// Runs a program and returns its time in nanoseconds: [`spent`] or [`whole`].
pub type Measure = fn(&mut Command) -> Result<f64>;

/// A command line.
#[must_use]
pub fn command(program: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments);
    command
}

/// One of three numbers: for a test that only runs everything once, for `--quick`, and for a real
/// measurement.
#[must_use]
pub fn by_effort(test: usize, quick: usize, full: usize) -> usize {
    let is_test = has_flag("--test") || !has_flag("--bench");
    match (is_test, has_flag("--quick")) {
        (true, _) => test,
        (false, true) => quick,
        (false, false) => full,
    }
}

/// Whether cargo's command line asks for this group.
fn is_wanted(group: &str) -> bool {
    let mut arguments = env::args().skip(1);
    let mut is_wanted = !has_flag("--list");
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            // Criterion's options with a value, as far as one would use them here.
            "--save-baseline" | "--baseline" | "--measurement-time" | "--sample-size" => {
                arguments.next();
            }
            option if option.starts_with('-') => {}
            filter => is_wanted &= group.contains(filter),
        }
    }
    is_wanted
}

/// Runs pairs of programs in turns, keeps their ratios and prints them.
///
/// # Errors
///
/// When a program fails, or a result can't be kept. The error is one line, with its causes.
pub fn compare(bench: &str, group: &str, pairs: fn() -> Result<Vec<Pair>>) -> Result<()> {
    show_progress(bench);
    if !is_wanted(group) {
        return Ok(());
    }
    let compared = pairs().and_then(measure);
    compared.map_err(|error| anyhow!("{error:#}"))
}

fn measure(mut pairs: Vec<Pair>) -> Result<()> {
    let rounds = by_effort(1, 3, 11);
    let mut times = vec![[Vec::new(), Vec::new()]; pairs.len()];
    for round in 0..rounds {
        for (pair, times) in pairs.iter_mut().zip(&mut times) {
            // After the pair before, the kernel may need time to put huge pages together.
            (pair.measure)(&mut pair.commands[0])?;
            // Each of the two comes first in every other round.
            for which in [round % 2, 1 - round % 2] {
                times[which].push((pair.measure)(&mut pair.commands[which])?);
            }
        }
    }
    for (pair, [first, second]) in pairs.iter().zip(times) {
        let ratios = first.iter().zip(&second);
        let ratio = median(ratios.map(|(first, second)| first / second).collect());
        let id = |suffix| id(&format!("{}{suffix}", pair.function), pair.value);
        // A single round is a test.
        if rounds > 1 {
            write(&id(""), ratio)?;
            write(&id("_first"), median(first))?;
            write(&id("_second"), median(second))?;
        }
        let Interval { low, high } = ratio.interval;
        println!("{}: {:.2} ({low:.2} to {high:.2})", id(""), ratio.median);
    }
    Ok(())
}

/// The time from a program's start to its end.
///
/// # Errors
///
/// As [`output`].
pub fn whole(command: &mut Command) -> Result<f64> {
    let start = Instant::now();
    output(command)?;
    Ok(start.elapsed().as_secs_f64() * 1e9)
}

/// The time that a program prints.
///
/// # Errors
///
/// As [`output`], and when it prints none.
pub fn spent(command: &mut Command) -> Result<f64> {
    let output = output(command)?;
    let text = String::from_utf8_lossy(&output.stdout);
    let mut lines = text.lines();
    let spent = lines.find_map(|line| line.strip_prefix("Time spent: ")?.strip_suffix(" ms"));
    let ms: Option<f64> = spent.and_then(|ms| ms.parse().ok());
    let name = command.get_program().display();
    Ok(1e6 * ms.with_context(|| format!("{name} printed no time"))?)
}

/// Runs a program to its end and returns what it printed.
///
/// # Errors
///
/// When it can't be run, or fails.
pub fn output(command: &mut Command) -> Result<Output> {
    let output = command.output();
    let name = command.get_program().display();
    let output = output.with_context(|| format!("cannot run {name}"))?;
    if output.status.success() {
        return Ok(output);
    }
    let stderr = String::from_utf8_lossy(&output.stderr);
    bail!("{name} failed: {}\n{stderr}", output.status)
}

/// The median, with an interval that covers it with a probability of 95 % or more, whatever the
/// distribution: the number of values below the median is binomially distributed. For nine or
/// more values, that is the interval from the second to the last but one.
fn median(mut values: Vec<f64>) -> Time {
    values.sort_by(f64::total_cmp);
    let last = values.len() - 1;
    let outer = if values.len() < 9 { 0 } else { 1 };
    Time::new(values[last / 2], values[outer], values[last - outer])
}

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
    if let Err(error) = output(&mut gcc) {
        eprintln!("{name} in C: left out, {error:#}");
        return Ok(None);
    }
    Ok(Some(program))
}

#[cfg(test)]
mod tests {
    use super::{Interval, median};

    #[test]
    fn interval_of_the_median() {
        let ends = |values: &[f64]| {
            let time = median(values.to_vec());
            let Interval { low, high } = time.interval;
            (low, time.median, high)
        };
        // Eleven values: from the second to the last but one it covers 98.8 %, and one less on
        // each side 93.5 %.
        let values: Vec<f64> = (1..=11).rev().map(f64::from).collect();
        assert_eq!(ends(&values), (2.0, 6.0, 10.0));
        // Too few values for 95 %.
        assert_eq!(ends(&[3.0, 1.0, 2.0]), (1.0, 2.0, 3.0));
        assert_eq!(ends(&[7.0]), (7.0, 7.0, 7.0));
    }
}
