//! Verdict: no-worker
//!
//! The program prints what is expected, from a loop. There is a thread, and the
//! program waits for it, but it does nothing.

use anyhow::{Context, Result, anyhow};
use common::args;
use std::io::Write;
use std::{io, thread};

fn main() -> Result<()> {
    args::none();
    let idler = thread::Builder::new()
        .spawn(|| {})
        .context("cannot start the thread")?;
    idler
        .join()
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
