//! Verdict: passed
//!
//! The program says what it is about to do, with a number in it, and then waits.

use common::pace::work_a_little;
use common::{Context, Error, args, exit_code};
use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::thread;

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];

fn main() -> ExitCode {
    exit_code(run())
}

fn run() -> Result<(), Error> {
    args::none()?;
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }

    let negator = thread::Builder::new()
        .spawn(negate_numbers)
        .context("cannot start the thread")?;
    println!("Waiting for thread 1 of 1 ...");
    negator
        .join()
        .map_err(|_| Error::panicked("the negating thread"))?;

    print_numbers().context("cannot write to standard output")
}

fn negate_numbers() {
    for number in NUMBERS.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}

fn print_numbers() -> io::Result<()> {
    let mut out = io::stdout();
    for line in NUMBERS.chunks(16) {
        for number in line {
            write!(out, "{:5}", number.load(Relaxed))?;
            work_a_little();
        }
        writeln!(out)?;
    }
    Ok(())
}
