//! Verdict: passed
//!
//! The program waits for a condition for 5 ms at most, and does so again until it holds.

use anyhow::Result;
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::sync::{Condvar, Mutex};
use std::thread;
use std::time::Duration;

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];
static IS_DONE: Mutex<bool> = Mutex::new(false);
static CONDITION: Condvar = Condvar::new();

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }
    thread::spawn(|| {
        negate_numbers();
        *IS_DONE.lock().expect("no panic") = true;
        CONDITION.notify_all();
    });
    let mut is_done = IS_DONE.lock().expect("no panic");
    while !*is_done {
        let waited = CONDITION.wait_timeout(is_done, Duration::from_millis(5));
        (is_done, _) = waited.expect("no panic");
    }
    drop(is_done);
    print_slowly(&NUMBERS)
}

fn negate_numbers() {
    for number in NUMBERS.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}
