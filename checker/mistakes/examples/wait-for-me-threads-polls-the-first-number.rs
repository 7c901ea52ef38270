//! Verdict: did-not-wait
//!
//! The program looks at the number that the thread negates first until it is negative.
//! The others may come later.

use anyhow::Result;
use common::args;
use common::pace::print_slowly;
use std::hint::spin_loop;
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::thread;

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }
    thread::spawn(negate_numbers);
    while NUMBERS[399].load(Relaxed) > 0 {
        spin_loop();
    }
    print_slowly(&NUMBERS)
}

fn negate_numbers() {
    for number in NUMBERS.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
    }
}
