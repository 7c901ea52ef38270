//! Verdict: passed
//!
//! The thread hands over each negative number in person: it goes on when the program
//! has taken it, so they are never many in memory.

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

    let (sender, receiver) = mpsc::sync_channel(0);
    let negator = thread::Builder::new()
        .spawn(move || (1..=400).all(|number| sender.send(-number).is_ok()))
        .context("cannot start the thread")?;
    print_numbers(receiver).context("cannot write to standard output")?;
    negator
        .join()
        .map_err(|_| Error::panicked("the negating thread"))?;
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
