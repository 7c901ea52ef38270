//! Verdict: passed
//!
//! Each number has a thread of its own, and the scope waits for all 400.

use anyhow::Result;
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

    thread::scope(|scope| {
        for number in NUMBERS.iter().rev() {
            scope.spawn(move || negate(number));
        }
    });

    print_slowly(&NUMBERS)
}

fn negate(number: &AtomicI32) {
    number.store(-number.load(Relaxed), Relaxed);
    work_a_little();
}
