//! Verdict: did-not-wait
//!
//! The program prints what is expected, by a copy of standard output, before it waits.

use anyhow::{Context, Result, anyhow};
use common::args;
use common::pace::work_a_little;
use std::fs::File;
use std::io::Write;
use std::os::fd::AsFd;
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
    let copy = io::stdout().as_fd().try_clone_to_owned();
    let mut copy = File::from(copy.context("cannot copy standard output")?);
    for number in 1..=400 {
        writeln!(copy, "{}", -number).context("cannot write")?;
    }
    negator
        .join()
        .map_err(|_| anyhow!("the negating thread panicked"))?;
    Ok(())
}

fn negate_numbers() {
    for number in NUMBERS.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}
