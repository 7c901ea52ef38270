//! Verdict: did-not-wait
//!
//! TODO 1 is done and TODO 2 is not: the race that the task is about.

use anyhow::{Context, Result};
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};

/// Atomic, because two threads use them at once. The values that they read still
/// depend on luck.
static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }

    std::thread::Builder::new()
        .spawn(negate_numbers)
        .context("cannot start the thread")?;

    print_slowly(&NUMBERS)
}

fn negate_numbers() {
    for number in NUMBERS.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}
