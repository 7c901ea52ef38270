//! Verdict: passed
//!
//! The thread hands over each negative number in person: it goes on when the program
//! has taken it, so they are never many in memory.

use anyhow::{Context, Result, anyhow};
use common::args;
use std::io::Write;
use std::sync::mpsc;
use std::{io, thread};

fn main() -> Result<()> {
    args::none();

    let (sender, receiver) = mpsc::sync_channel(0);
    let negator = thread::Builder::new()
        .spawn(move || (1..=400).all(|number| sender.send(-number).is_ok()))
        .context("cannot start the thread")?;
    print_numbers(receiver).context("cannot write to standard output")?;
    negator
        .join()
        .map_err(|_| anyhow!("the negating thread panicked"))?;
    Ok(())
}

fn print_numbers(numbers: mpsc::Receiver<i32>) -> io::Result<()> {
    let mut out = io::stdout();
    for (number, place) in numbers.iter().zip(1..) {
        write!(out, "{number:5}")?;
        if place % 16 == 0 {
            writeln!(out)?;
        }
    }
    Ok(())
}
