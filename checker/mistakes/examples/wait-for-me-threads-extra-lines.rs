//! Verdict: passed
//!
//! The program waits for the thread, and prints some words around the numbers.

use anyhow::{Context, Result, anyhow};
use common::args;
use common::pace::work_a_little;
use std::io::Write;
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::{io, thread};

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }

    let negator = thread::Builder::new()
        .spawn(negate_numbers)
        .context("cannot start the thread")?;
    negator
        .join()
        .map_err(|_| anyhow!("the negating thread panicked"))?;

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
    writeln!(out, "The thread has ended. The numbers are now:")?;
    for line in NUMBERS.chunks(16) {
        for number in line {
            write!(out, "{:5}", number.load(Relaxed))?;
            work_a_little();
        }
        writeln!(out)?;
    }
    writeln!(out)?;
    writeln!(out, "All of them should be negative.")
}
