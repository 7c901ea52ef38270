//! Verdict: passed
//!
//! The program parks until the thread has said that it is through.

use anyhow::{Context, Result};
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use std::sync::atomic::{AtomicBool, AtomicI32};
use std::thread;

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];
static IS_DONE: AtomicBool = AtomicBool::new(false);

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }

    let waiter = thread::current();
    thread::Builder::new()
        .spawn(move || {
            negate_numbers();
            IS_DONE.store(true, Release);
            waiter.unpark();
        })
        .context("cannot start the thread")?;
    while !IS_DONE.load(Acquire) {
        thread::park();
    }

    print_slowly(&NUMBERS)
}

fn negate_numbers() {
    for number in NUMBERS.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}
