//! Verdict: did-not-wait
//!
//! The program waits for a condition, as it should. But the thread makes it true before
//! it works.

use anyhow::Result;
use common::args;
use common::pace::print_slowly;
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::sync::{Condvar, Mutex};
use std::thread;

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];
static IS_DONE: Mutex<bool> = Mutex::new(false);
static CONDITION: Condvar = Condvar::new();

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }
    thread::spawn(|| {
        *IS_DONE.lock().expect("no panic") = true;
        CONDITION.notify_all();
        negate_numbers();
    });
    let mut is_done = IS_DONE.lock().expect("no panic");
    while !*is_done {
        is_done = CONDITION.wait(is_done).expect("no panic");
    }
    drop(is_done);
    print_slowly(&NUMBERS)
}

fn negate_numbers() {
    for number in NUMBERS.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
    }
}
