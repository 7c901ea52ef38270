//! Verdict: no-worker
//!
//! The program prints what is expected, from a loop. There is a thread, and the
//! program waits for its message, but that is all it does.

use anyhow::{Context, Result, anyhow};
use common::args;
use std::io::Write;
use std::sync::mpsc;
use std::{io, thread};

fn main() -> Result<()> {
    args::none();
    let (sender, receiver) = mpsc::channel();
    thread::Builder::new()
        .spawn(move || sender.send(()).is_ok())
        .context("cannot start the thread")?;
    receiver
        .recv()
        .map_err(|_| anyhow!("the idle thread panicked"))?;

    print_numbers().context("cannot write to standard output")
}

fn print_numbers() -> io::Result<()> {
    let mut out = io::stdout();
    for number in 1..=400 {
        write!(out, "{:5}", -number)?;
        if number % 16 == 0 {
            writeln!(out)?;
        }
    }
    Ok(())
}
