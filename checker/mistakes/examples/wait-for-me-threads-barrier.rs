//! Verdict: passed
//!
//! The thread and the program meet at a barrier when the numbers are negative.

use anyhow::{Context, Result};
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::sync::Barrier;
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::thread;

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];
static DONE: Barrier = Barrier::new(2);

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }

    thread::Builder::new()
        .spawn(|| {
            negate_numbers();
            DONE.wait();
        })
        .context("cannot start the thread")?;
    DONE.wait();

    print_slowly(&NUMBERS)
}

fn negate_numbers() {
    for number in NUMBERS.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}
