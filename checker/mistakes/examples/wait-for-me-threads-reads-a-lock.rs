//! Verdict: passed
//!
//! The program reads what a lock guards until the thread has written there.

use anyhow::Result;
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::sync::RwLock;
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::thread;

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];
static IS_DONE: RwLock<bool> = RwLock::new(false);

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }
    thread::spawn(|| {
        negate_numbers();
        *IS_DONE.write().expect("no panic") = true;
    });
    while !*IS_DONE.read().expect("no panic") {}
    print_slowly(&NUMBERS)
}

fn negate_numbers() {
    for number in NUMBERS.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}
