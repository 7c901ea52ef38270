//! Verdict: passed
//!
//! The thread owns a part of something, and drops it when it has done its work. The
//! program asks until it is the only owner.

use anyhow::Result;
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::thread;

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }
    let ours = Arc::new(());
    let theirs = Arc::clone(&ours);
    thread::spawn(move || {
        negate_numbers();
        drop(theirs);
    });
    while Arc::strong_count(&ours) > 1 {
        thread::yield_now();
    }
    print_slowly(&NUMBERS)
}

fn negate_numbers() {
    for number in NUMBERS.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}
