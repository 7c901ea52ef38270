//! Verdict: did-not-wait
//!
//! Believes that the numbers are ready as soon as the last one of the array is negative. But the
//! thread goes from the end to the start, so this is the first one that it changes.

use anyhow::Result;
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::sync::atomic::{AtomicI32, Ordering::SeqCst};
use std::thread;

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, SeqCst);
    }

    let _negator = thread::spawn(negate_numbers);

    // Wait until the last number has been negated. SeqCst, so that we really see it!
    let last = &NUMBERS[NUMBERS.len() - 1];
    while last.load(SeqCst) > 0 {
        thread::yield_now();
    }

    print_slowly(&NUMBERS)
}

fn negate_numbers() {
    for number in NUMBERS.iter().rev() {
        number.store(-number.load(SeqCst), SeqCst);
        work_a_little();
    }
}
