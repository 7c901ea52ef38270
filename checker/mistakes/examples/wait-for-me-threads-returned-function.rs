//! Verdict: no-worker
//!
//! The thread only returns the function, and is joined. `main` calls what it got: all of the
//! work is done by the main thread, the output is always right.

use anyhow::{Result, anyhow};
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::thread;

/// The numbers are atomic, because two threads use them at the same time.
static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }

    let negator = thread::spawn(|| negate_numbers as fn());
    negator.join().map_err(|_| anyhow!("the thread panicked"))?();

    print_slowly(&NUMBERS)
}

fn negate_numbers() {
    for number in NUMBERS.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}
