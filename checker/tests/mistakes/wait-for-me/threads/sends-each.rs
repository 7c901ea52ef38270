//! Verdict: passed
//!
//! The thread sends the negative numbers, one by one, and the program collects them.
//! Nowhere are all 400 of them when the thread ends.

use common::{Context, Error, args, exit_code};
use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::mpsc;
use std::thread;

fn main() -> ExitCode {
    exit_code(run())
}

fn run() -> Result<(), Error> {
    args::none()?;
    let (sender, receiver) = mpsc::channel();
    let negator = thread::Builder::new()
        .spawn(move || (1..=400).rev().all(|number| sender.send(-number).is_ok()))
        .context("cannot start the thread")?;
    let mut numbers: Vec<i32> = receiver.iter().collect();
    numbers.reverse();
    negator
        .join()
        .map_err(|_| Error::panicked("the negating thread"))?;

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
