//! What the programs print.

use crate::{Context, Error};
use std::fmt::Display;
use std::io::{self, Write};
use std::time::Duration;

/// Prints the two lines of every sum program to standard output:
///
/// ```text
/// Array sum is: 49949994999
/// Time spent: 17.234 ms
/// ```
///
/// The time is in milliseconds, with three decimals.
///
/// # Errors
///
/// [`Error::Io`] when standard output can't be written to: its reader has gone,
/// the disk is full.
pub fn print_sum(sum: i64, time_spent: Duration) -> Result<(), Error> {
    write_sum(&mut io::stdout().lock(), sum, time_spent).context("cannot write to standard output")
}

/// Prints a line to standard error.
///
/// Nobody is left to be told if that fails, so nothing happens then: unlike
/// [`eprintln`], which panics.
pub fn report(message: impl Display) {
    let _ = writeln!(io::stderr(), "{message}");
}

fn write_sum(out: &mut impl Write, sum: i64, time_spent: Duration) -> io::Result<()> {
    writeln!(out, "Array sum is: {sum}")?;
    writeln!(out, "Time spent: {:.3} ms", time_spent.as_secs_f64() * 1e3)?;
    // Whatever is still buffered at the end of `main` is written without
    // anybody looking whether that worked.
    out.flush()
}

#[cfg(test)]
mod tests {
    use super::write_sum;
    use std::time::Duration;

    #[test]
    fn two_lines_with_milliseconds() -> Result<(), std::io::Error> {
        let mut out = Vec::new();
        write_sum(&mut out, -7, Duration::from_nanos(17_234_499))?;
        assert_eq!(out, b"Array sum is: -7\nTime spent: 17.234 ms\n");
        Ok(())
    }
}
