//! Runs two programs in turns, so that other load on the machine affects both.

use crate::results::{Time, write};
use anyhow::{Context, Result, anyhow, bail};
use std::path::Path;
use std::process::{Command, Output};
use std::time::Instant;

/// Two programs that do the same.
#[derive(Debug)]
pub struct Pair {
    /// Under this name the ratio is kept.
    pub function: &'static str,
    /// What grows, if anything does.
    pub value: Option<usize>,
    /// What is compared.
    pub measure: Measure,
    /// The two command lines.
    pub commands: [Vec<String>; 2],
}

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// The time that the program prints.
    Spent,
    /// The time from its start to its end.
    Whole,
}

/// A command line.
#[must_use]
pub fn command(program: &Path, arguments: &[&str]) -> Vec<String> {
    let arguments = arguments.iter().map(|&argument| argument.into());
    std::iter::once(program.display().to_string())
        .chain(arguments)
        .collect()
}

/// Runs all pairs in turns, keeps their ratios and prints them.
///
/// # Errors
///
/// When a program fails, or a result can't be kept.
pub fn compare(group: &str, pairs: &[Pair], rounds: usize) -> Result<()> {
    let mut times = vec![[Vec::new(), Vec::new()]; pairs.len()];
    for round in 0..rounds {
        for (pair, times) in pairs.iter().zip(&mut times) {
            // Each of the two comes first in every other round.
            for which in [round % 2, 1 - round % 2] {
                times[which].push(run(&pair.commands[which], pair.measure)?);
            }
        }
    }
    for (pair, [first, second]) in pairs.iter().zip(&mut times) {
        let ratios = first
            .iter()
            .zip(second.iter())
            .map(|(first, second)| first / second);
        let ratio = median(&mut ratios.collect::<Vec<_>>());
        let name = |of: &str| format!("{}{of}", pair.function);
        // A single round is a test.
        if rounds > 1 {
            write(group, pair.function, pair.value, ratio)?;
            write(group, &name("_first"), pair.value, median(first))?;
            write(group, &name("_second"), pair.value, median(second))?;
        }
        let value = pair
            .value
            .map_or(String::new(), |value| format!("/{value}"));
        let (low, high) = (ratio.low, ratio.high);
        println!(
            "{group}/{}{value}: {:.2} ({low:.2} to {high:.2})",
            pair.function, ratio.median
        );
    }
    Ok(())
}

/// Runs a program. Its time in nanoseconds.
fn run(command: &[String], measure: Measure) -> Result<f64> {
    let start = Instant::now();
    let output = output(Command::new(&command[0]).args(&command[1..]))?;
    let whole = start.elapsed().as_secs_f64() * 1e9;
    if measure == Measure::Whole {
        return Ok(whole);
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let mut lines = text.lines();
    let spent = lines.find_map(|line| line.strip_prefix("Time spent: ")?.strip_suffix(" ms"));
    let ms: Option<f64> = spent.and_then(|ms| ms.parse().ok());
    ms.map(|ms| ms * 1e6)
        .ok_or_else(|| anyhow!("{} printed no time", command[0]))
}

/// Runs a program to its end and returns what it printed.
///
/// # Errors
///
/// When it can't be run, or fails.
pub fn output(command: &mut Command) -> Result<Output> {
    let name = command.get_program().display().to_string();
    let output = command.output();
    let output = output.with_context(|| format!("cannot run {name}"))?;
    if output.status.success() {
        return Ok(output);
    }
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    bail!("{name} failed: {}\n{stderr}", output.status)
}

/// The median, with an interval that covers it with a probability of 95 % or more, whatever the
/// distribution: the number of values below the median is binomially distributed.
fn median(values: &mut [f64]) -> Time {
    values.sort_by(f64::total_cmp);
    let count = values.len();
    // The probability that at most `rank` of all values lie below the median.
    let (mut rank, mut probability, mut term) = (
        0,
        0.0,
        0.5_f64.powi(i32::try_from(count).unwrap_or(i32::MAX)),
    );
    while rank < count / 2 && probability + term <= 0.025 {
        probability += term;
        rank += 1;
        term *= (count - rank + 1) as f64 / rank as f64;
    }
    let outer = rank.saturating_sub(1);
    Time {
        median: values[count / 2],
        low: values[outer],
        high: values[count - 1 - outer],
    }
}

#[cfg(test)]
mod tests {
    use super::median;

    #[test]
    fn interval_of_the_median() {
        // Eleven values: from the second to the last but one it covers 98.8 %, and one less on
        // each side 93.5 %.
        let mut values: Vec<f64> = (1..=11).rev().map(f64::from).collect();
        let time = median(&mut values);
        assert_eq!((time.low, time.median, time.high), (2.0, 6.0, 10.0));
        // Too few values for 95 %.
        let time = median(&mut [3.0, 1.0, 2.0]);
        assert_eq!((time.low, time.median, time.high), (1.0, 2.0, 3.0));
        assert_eq!(median(&mut [7.0]).high, 7.0);
    }
}
