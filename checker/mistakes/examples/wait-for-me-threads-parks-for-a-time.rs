//! Verdict: passed
//!
//! The program parks for 3 ms at most, and does so again until the thread says that it
//! has done its work.

use anyhow::Result;
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::sync::atomic::{
    AtomicBool, AtomicI32,
    Ordering::{Acquire, Relaxed, Release},
};
use std::thread;
use std::time::Duration;

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];
static IS_DONE: AtomicBool = AtomicBool::new(false);

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }
    let waiting = thread::current();
    thread::spawn(move || {
        negate_numbers();
        IS_DONE.store(true, Release);
        waiting.unpark();
    });
    while !IS_DONE.load(Acquire) {
        thread::park_timeout(Duration::from_millis(3));
    }
    print_slowly(&NUMBERS)
}

fn negate_numbers() {
    for number in NUMBERS.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}
