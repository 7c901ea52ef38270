//! Verdict: did-not-wait
//!
//! Waits until the first number is negative. But the thread goes forwards here, so that is
//! the first of its steps, not the last. It hurries, and `main` prints slowly behind it.

use anyhow::Result;
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

    thread::spawn(negate_numbers);
    while NUMBERS[0].load(Relaxed) > 0 {
        work_a_little();
    }

    print_slowly(&NUMBERS)
}

fn negate_numbers() {
    for number in &NUMBERS {
        number.store(-number.load(Relaxed), Relaxed);
    }
}
