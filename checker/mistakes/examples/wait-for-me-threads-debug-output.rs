//! Verdict: passed
//!
//! The program prints some numbers to standard error while it looks for a mistake. That
//! is not the array that it is to print.

use anyhow::{Context, Result, anyhow};
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::thread;

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }

    let negator = thread::Builder::new()
        .spawn(negate_numbers)
        .context("cannot start the thread")?;
    eprintln!("before: {:?}", &NUMBERS[..20]);
    negator
        .join()
        .map_err(|_| anyhow!("the negating thread panicked"))?;

    print_slowly(&NUMBERS)
}

fn negate_numbers() {
    for number in NUMBERS.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}
