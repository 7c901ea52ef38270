//! Verdict: passed
//!
//! The thread gets a copy of the numbers, makes that negative and returns it. The
//! positive ones stay where they were.

use anyhow::{Context, Result, anyhow};
use common::args;
use common::pace::work_a_little;
use std::io::Write;
use std::{io, thread};

fn main() -> Result<()> {
    args::none();
    let numbers: Vec<i32> = (1..=400).collect();

    let copy = numbers.clone();
    let negator = thread::Builder::new()
        .spawn(move || negated(copy))
        .context("cannot start the thread")?;
    let negative = negator
        .join()
        .map_err(|_| anyhow!("the negating thread panicked"))?;

    print_numbers(&negative).context("cannot write to standard output")?;
    drop(numbers);
    Ok(())
}

fn negated(mut numbers: Vec<i32>) -> Vec<i32> {
    for number in numbers.iter_mut().rev() {
        *number = -*number;
        work_a_little();
    }
    numbers
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
