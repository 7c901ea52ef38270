//! Verdict: no-worker
//!
//! The program prints what is expected, from a loop. There are no numbers that
//! somebody could make negative, and no thread.

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
