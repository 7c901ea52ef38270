//! Verdict: passed
//!
//! A hundred threads return four negative numbers each: too few to be found in memory.

use anyhow::{Context, Result, anyhow};
use common::args;
use std::io::Write;
use std::{io, thread};

fn main() -> Result<()> {
    args::none();
    let negators = (0..100).map(|i| thread::Builder::new().spawn(move || negatives(4 * i)));
    let negators: Vec<_> = negators
        .collect::<Result<_, _>>()
        .context("cannot start the threads")?;
    let mut numbers = Vec::new();
    for negator in negators {
        let negative = negator
            .join()
            .map_err(|_| anyhow!("a negating thread panicked"))?;
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
