//! Verdict: no-worker
//!
//! The program prints what is expected, from a loop. There are no numbers that
//! somebody could make negative, and no thread.

use common::{Context, Error, args, exit_code};
use std::io::{self, Write};
use std::process::ExitCode;

fn main() -> ExitCode {
    exit_code(run())
}

fn run() -> Result<(), Error> {
    args::none()?;
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
