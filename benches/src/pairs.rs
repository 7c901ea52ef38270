//! Runs two programs in turns, so that other load on the machine affects both.

use crate::progress::has_flag;
use crate::results::{Interval, Time, id, write};
use anyhow::{Context, Result, anyhow, bail};
use std::env;
use std::path::Path;
use std::process::{Command, Output};
use std::time::Instant;

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
pub fn command(program: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments);
    command
}

/// How much a bench of whole programs does.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// How often each program runs.
    rounds: usize,
    /// Numbers to sum.
    pub len: usize,
    /// Workers to create, one after the other.
    pub workers: usize,
}

impl Effort {
    /// As cargo's command line wants it. `None` if this group is not to run.
    fn of_command_line(group: &str) -> Option<Self> {
        let mut arguments = env::args().skip(1);
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--list" => return None,
                // Criterion's options with a value, as far as one would use them here.
                "--save-baseline" | "--baseline" | "--measurement-time" | "--sample-size" => {
                    arguments.next();
                }
                filter if !filter.starts_with('-') && !group.contains(filter) => return None,
                _ => {}
            }
        }
        let is_test = has_flag("--test") || !has_flag("--bench");
        let (rounds, len, workers) = match (is_test, has_flag("--quick")) {
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

/// Runs pairs of programs in turns, keeps their ratios and prints them.
///
/// # Errors
///
/// When a program fails, or a result can't be kept. The error is one line, with its causes.
pub fn compare(group: &str, pairs: fn(&Effort) -> Result<Vec<Pair>>) -> Result<()> {
    match Effort::of_command_line(group) {
        Some(effort) => measure(&effort, pairs).map_err(|error| anyhow!("{error:#}")),
        None => Ok(()),
    }
}

fn measure(effort: &Effort, pairs: fn(&Effort) -> Result<Vec<Pair>>) -> Result<()> {
    let mut pairs = pairs(effort)?;
    let mut times = vec![[Vec::new(), Vec::new()]; pairs.len()];
    for round in 0..effort.rounds {
        for (pair, times) in pairs.iter_mut().zip(&mut times) {
            // Each of the two comes first in every other round.
            for which in [round % 2, 1 - round % 2] {
                times[which].push(run(&mut pair.commands[which], pair.measure)?);
            }
        }
    }
    for (pair, [first, second]) in pairs.iter().zip(times) {
        let ratios = first.iter().zip(&second);
        let ratio = median(ratios.map(|(first, second)| first / second).collect());
        let Pair {
            function, value, ..
        } = pair;
        let name = id(function, *value);
        // A single round is a test.
        if effort.rounds > 1 {
            write(&name, ratio)?;
            write(&id(&format!("{function}_first"), *value), median(first))?;
            write(&id(&format!("{function}_second"), *value), median(second))?;
        }
        let Interval { low, high } = ratio.interval;
        println!("{name}: {:.2} ({low:.2} to {high:.2})", ratio.median);
    }
    Ok(())
}

/// Runs a program. Its time in nanoseconds.
fn run(command: &mut Command, measure: Measure) -> Result<f64> {
    let start = Instant::now();
    let output = output(command)?;
    let whole = start.elapsed().as_secs_f64() * 1e9;
    if measure == Measure::Whole {
        return Ok(whole);
    }
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
    let outer = if values.len() < 9 { 0 } else { 1 };
    let last = values.len() - 1;
    Time::new(
        values[values.len() / 2],
        values[outer],
        values[last - outer],
    )
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
