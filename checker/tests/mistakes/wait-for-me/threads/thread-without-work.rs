//! Verdict: no-worker
//!
//! There is a thread that nobody waits for, and it does nothing. The numbers
//! stay as they are.

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

    thread::Builder::new()
        .spawn(|| {})
        .context("cannot start the thread")?;

    print_numbers().context("cannot write to standard output")
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
