//! What the programs print.

use crate::Stopwatch;
use anyhow::{Result, anyhow};
use std::fmt::Display;
use std::io::{self, Write};

/// Prints the two lines of every sum program to standard output:
///
/// ```text
/// Array sum is: 49948015661
/// Time spent: 17.234 ms
/// ```
///
/// # Errors
///
/// The errors of [`print_line`].
pub fn print_sum(sum: i64, stopwatch: &Stopwatch) -> Result<()> {
    print_line(format_args!("Array sum is: {sum}\nTime spent: {stopwatch}"))
}

/// Prints the two lines of shared-counter to standard output:
///
/// ```text
/// Counter is: 400000
/// Time spent: 1.234 ms
/// ```
///
/// # Errors
///
/// The errors of [`print_line`].
pub fn print_counter(counter: u64, stopwatch: &Stopwatch) -> Result<()> {
    print_line(format_args!(
        "Counter is: {counter}\nTime spent: {stopwatch}"
    ))
}

/// Prints a line to standard output. Unlike [`println!`], it returns an error instead of
/// a panic.
///
/// # Errors
///
/// Standard output cannot be written to: its reader has closed the pipe, or the disk is full.
pub fn print_line(line: impl Display) -> Result<()> {
    let mut out = io::stdout().lock();
    // Without this `flush`, the error of the last write would be lost.
    writeln!(out, "{line}")
        .and_then(|()| out.flush())
        .map_err(|error| anyhow!("cannot write to standard output: {error}"))
}

/// Prints a line to standard error and ignores a failure. In contrast, [`eprintln!`] panics.
pub fn report(line: impl Display) {
    let _ = writeln!(io::stderr(), "{line}");
}
