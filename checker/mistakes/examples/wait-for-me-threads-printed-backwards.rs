//! Verdict: wrong-output
//!
//! Starts the thread and joins it, and each number is negative. But it prints them from the
//! last to the first, -400 to -1, which a mere look for positive numbers does not see.

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

    let negator = thread::spawn(negate_numbers);
    negator.join().map_err(|_| anyhow!("the thread panicked"))?;

    let backwards: Vec<AtomicI32> = NUMBERS
        .iter()
        .rev()
        .map(|number| AtomicI32::new(number.load(Relaxed)))
        .collect();
    print_slowly(&backwards)
}

fn negate_numbers() {
    for number in NUMBERS.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}
