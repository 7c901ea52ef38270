//! Verdict: no-worker
//!
//! A child process makes the numbers negative, and is waited for. But it has a copy
//! of the numbers, so those of the program stay as they are.

use anyhow::Result;
use common::pace::{print_slowly, work_a_little};
use common::{Process, args};
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }

    let mut negator = Process::new("negator", || {
        negate_numbers();
        Ok(())
    });
    negator.start()?;
    negator.join()?;

    print_slowly(&NUMBERS)
}

fn negate_numbers() {
    for number in NUMBERS.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}
