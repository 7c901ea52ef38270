//! Verdict: did-not-wait
//!
//! Thread and `main` both make all numbers negative, in a way that can be done twice. So the
//! output is always right, although the program never waits for the thread.

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

    let _negator = thread::spawn(negate_numbers);
    negate_numbers();

    print_slowly(&NUMBERS)
}

fn negate_numbers() {
    for number in NUMBERS.iter().rev() {
        number.store(-number.load(Relaxed).abs(), Relaxed);
        work_a_little();
    }
}
