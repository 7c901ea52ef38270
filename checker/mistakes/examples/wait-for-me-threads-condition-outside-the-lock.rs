//! Verdict: timed-out
//!
//! The thread sets a flag and notifies without the lock. If both happen after the main thread has
//! looked at the flag, and before it waits, it waits forever. A join follows.

use anyhow::Result;
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::sync::{Condvar, Mutex};
use std::thread;

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];
static DONE: AtomicBool = AtomicBool::new(false);
static LOCK: Mutex<()> = Mutex::new(());
static ENDED: Condvar = Condvar::new();

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }

    let negator = thread::spawn(|| {
        negate_numbers();
        DONE.store(true, SeqCst);
        ENDED.notify_one();
    });

    let mut guard = LOCK.lock().expect("no thread panics");
    while !DONE.load(SeqCst) {
        guard = ENDED.wait(guard).expect("no thread panics");
    }
    drop(guard);
    negator.join().expect("the thread panicked");

    print_slowly(&NUMBERS)
}

fn negate_numbers() {
    for number in NUMBERS.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}
