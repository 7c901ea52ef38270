//! Verdict: passed
//!
//! The program waits on a condition variable until the thread has said that it is
//! through.

use anyhow::{Context, Result};
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::sync::{Condvar, Mutex};
use std::thread;

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];
static IS_DONE: Mutex<bool> = Mutex::new(false);
static CHANGED: Condvar = Condvar::new();

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }

    thread::Builder::new()
        .spawn(negate_and_tell)
        .context("cannot start the thread")?;
    let is_done = IS_DONE.lock().expect("no task panics with the lock");
    let is_done = CHANGED
        .wait_while(is_done, |is_done| !*is_done)
        .expect("no task panics with the lock");
    drop(is_done);

    print_slowly(&NUMBERS)
}

fn negate_and_tell() {
    negate_numbers();
    *IS_DONE.lock().expect("no task panics with the lock") = true;
    CHANGED.notify_one();
}

fn negate_numbers() {
    for number in NUMBERS.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}
