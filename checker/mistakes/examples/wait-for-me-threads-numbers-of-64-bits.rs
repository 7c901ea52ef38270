//! Verdict: passed
//!
//! The numbers are `i64`, and a scoped thread makes them negative.

use anyhow::{Context, Result};
use common::args;
use common::pace::work_a_little;
use std::io::Write;
use std::{io, thread};

fn main() -> Result<()> {
    args::none();
    let mut numbers: Vec<i64> = (1..=400).collect();

    thread::scope(|scope| {
        scope.spawn(|| negate(&mut numbers));
    });

    print_numbers(&numbers).context("cannot write to standard output")
}

fn negate(numbers: &mut [i64]) {
    for number in numbers.iter_mut().rev() {
        *number = -*number;
        work_a_little();
    }
}

fn print_numbers(numbers: &[i64]) -> io::Result<()> {
    let mut out = io::stdout();
    for line in numbers.chunks(16) {
        for number in line {
            write!(out, "{number:5}")?;
        }
        writeln!(out)?;
    }
    Ok(())
}
