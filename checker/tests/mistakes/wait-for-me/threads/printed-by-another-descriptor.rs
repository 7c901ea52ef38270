//! Verdict: did-not-wait
//!
//! The program prints what is expected, by a copy of standard output, before it waits.

use common::pace::work_a_little;
use common::{Context, Error, args, exit_code};
use std::fs::File;
use std::io::{self, Write};
use std::os::fd::AsFd;
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
    let copy = io::stdout().as_fd().try_clone_to_owned();
    let mut copy = File::from(copy.context("cannot copy standard output")?);
    for number in 1..=400 {
        writeln!(copy, "{}", -number).context("cannot write")?;
    }
    negator
        .join()
        .map_err(|_| Error::panicked("the negating thread"))?;
    Ok(())
}

fn negate_numbers() {
    for number in NUMBERS.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}
