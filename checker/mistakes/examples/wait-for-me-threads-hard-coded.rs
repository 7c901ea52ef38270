//! Verdict: no-worker
//!
//! The program prints the expected text from a loop. It has no array to make negative, and
//! no thread.

use anyhow::{Context, Result};
use common::args;
use std::io;
use std::io::Write;

fn main() -> Result<()> {
    args::none();
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
