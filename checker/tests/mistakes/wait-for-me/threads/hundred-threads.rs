//! Verdict: passed
//!
//! A hundred threads return four negative numbers each: too few to be found in memory.

use common::{Context, Error, args, exit_code};
use std::io::{self, Write};
use std::process::ExitCode;
use std::thread;

fn main() -> ExitCode {
    exit_code(run())
}

fn run() -> Result<(), Error> {
    args::none()?;
    let negators = (0..100).map(|i| thread::Builder::new().spawn(move || negatives(4 * i)));
    let negators: Vec<_> = negators
        .collect::<Result<_, _>>()
        .context("cannot start the threads")?;
    let mut numbers = Vec::new();
    for negator in negators {
        let negative = negator
            .join()
            .map_err(|_| Error::panicked("a negating thread"))?;
        numbers.extend(negative);
    }

    print_numbers(&numbers).context("cannot write to standard output")
}

fn negatives(before: i32) -> [i32; 4] {
    [1, 2, 3, 4].map(|number| -(before + number))
}

fn print_numbers(numbers: &[i32]) -> io::Result<()> {
    let mut out = io::stdout();
    for line in numbers.chunks(16) {
        for number in line {
            write!(out, "{number:5}")?;
        }
        writeln!(out)?;
    }
    Ok(())
}
