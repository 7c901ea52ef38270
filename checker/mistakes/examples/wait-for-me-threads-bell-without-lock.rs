//! Verdict: timed-out
//!
//! The thread sets the flag and rings the bell without the lock. If it does both after the main
//! thread has looked at the flag and before it waits, the main thread waits for ever.

use anyhow::{Result, anyhow};
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering::Relaxed, Ordering::SeqCst};
use std::sync::{Condvar, Mutex, PoisonError};
use std::thread;

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];
static IS_DONE: AtomicBool = AtomicBool::new(false);
static LOCK: Mutex<()> = Mutex::new(());
static BELL: Condvar = Condvar::new();

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }

    thread::Builder::new()
        .spawn(negate_numbers)
        .map_err(|error| anyhow!("cannot start the thread: {error}"))?;
    let mut guard = LOCK.lock().unwrap_or_else(PoisonError::into_inner);
    while !IS_DONE.load(SeqCst) {
        guard = BELL.wait(guard).unwrap_or_else(PoisonError::into_inner);
    }

    print_slowly(&NUMBERS)
}

fn negate_numbers() {
    for number in NUMBERS.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
    IS_DONE.store(true, SeqCst);
    BELL.notify_one();
}
