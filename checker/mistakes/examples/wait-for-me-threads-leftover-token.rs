//! Verdict: did-not-wait
//!
//! The first `unpark` says that the thread has started. If the main thread sees this without a
//! `park`, the token is left over, and the `park` for the end returns at once.

use anyhow::Result;
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use std::sync::atomic::{AtomicBool, AtomicI32};
use std::thread::{self, Thread};

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];
static STARTED: AtomicBool = AtomicBool::new(false);
static DONE: AtomicBool = AtomicBool::new(false);

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }
    let waiter = thread::current();
    thread::spawn(move || work(&waiter));

    while !STARTED.load(Acquire) {
        thread::park();
    }
    // The worker is on its way. Its next unpark is the one for the end.
    if !DONE.load(Acquire) {
        thread::park();
    }
    print_slowly(&NUMBERS)
}

fn work(waiter: &Thread) {
    // Prepares the work.
    for _ in 0..20 {
        work_a_little();
    }
    STARTED.store(true, Release);
    waiter.unpark();

    negate(&NUMBERS);
    DONE.store(true, Release);
    waiter.unpark();
}

fn negate(part: &[AtomicI32]) {
    for number in part.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}
