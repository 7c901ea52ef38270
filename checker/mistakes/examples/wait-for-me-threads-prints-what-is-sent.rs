//! Verdict: passed
//!
//! The thread takes the numbers from an array that stays as it is, and sends their
//! negatives one by one. The program prints each as it comes.

use anyhow::{Context, Result, anyhow};
use common::args;
use std::io::Write;
use std::sync::{Arc, mpsc};
use std::{io, thread};

fn main() -> Result<()> {
    args::none();
    let numbers: Arc<[i32]> = (1..=400).collect();

    let (sender, receiver) = mpsc::channel();
    let source = Arc::clone(&numbers);
    let negator = thread::Builder::new()
        .spawn(move || source.iter().all(|number| sender.send(-number).is_ok()))
        .context("cannot start the thread")?;
    print_numbers(receiver).context("cannot write to standard output")?;
    negator
        .join()
        .map_err(|_| anyhow!("the negating thread panicked"))?;
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
