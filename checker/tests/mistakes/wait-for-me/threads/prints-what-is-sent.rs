//! Verdict: passed
//!
//! The thread takes the numbers from an array that stays as it is, and sends their
//! negatives one by one. The program prints each as it comes.

use common::{Context, Error, args, exit_code};
use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::mpsc;
use std::thread;

fn main() -> ExitCode {
    exit_code(run())
}

fn run() -> Result<(), Error> {
    args::none()?;
    let numbers: Arc<[i32]> = (1..=400).collect();

    let (sender, receiver) = mpsc::channel();
    let source = Arc::clone(&numbers);
    let negator = thread::Builder::new()
        .spawn(move || source.iter().all(|number| sender.send(-number).is_ok()))
        .context("cannot start the thread")?;
    print_numbers(receiver).context("cannot write to standard output")?;
    negator
        .join()
        .map_err(|_| Error::panicked("the negating thread"))?;
    drop(numbers);
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
