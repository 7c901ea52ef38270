//! Verdict: passed
//!
//! The thread sends the negative numbers, one by one, and the program collects them.
//! Nowhere are all 400 of them when the thread ends.

use anyhow::{Context, Result, anyhow};
use common::args;
use std::io::Write;
use std::sync::mpsc;
use std::{io, thread};

fn main() -> Result<()> {
    args::none();
    let (sender, receiver) = mpsc::channel();
    let negator = thread::Builder::new()
        .spawn(move || (1..=400).rev().all(|number| sender.send(-number).is_ok()))
        .context("cannot start the thread")?;
    let mut numbers: Vec<i32> = receiver.iter().collect();
    numbers.reverse();
    negator
        .join()
        .map_err(|_| anyhow!("the negating thread panicked"))?;

    print_numbers(&numbers).context("cannot write to standard output")
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
