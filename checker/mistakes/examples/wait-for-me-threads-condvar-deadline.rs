//! Verdict: did-not-wait
//!
//! The thread reports its end through a condition variable, properly with a predicate. But
//! `main` waits for two seconds at most, and does not look whether the time ran out.

use anyhow::Result;
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::sync::{Condvar, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// The numbers are atomic, because two threads use them at the same time.
static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];

static FINISHED: Mutex<bool> = Mutex::new(false);
static CHANGED: Condvar = Condvar::new();

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }

    thread::spawn(|| {
        negate_numbers();
        *FINISHED.lock().unwrap_or_else(PoisonError::into_inner) = true;
        CHANGED.notify_all();
    });

    let finished = FINISHED.lock().unwrap_or_else(PoisonError::into_inner);
    let outcome = CHANGED
        .wait_timeout_while(finished, Duration::from_secs(2), |finished| !*finished)
        .unwrap_or_else(PoisonError::into_inner);
    drop(outcome);

    print_slowly(&NUMBERS)
}

fn negate_numbers() {
    for number in NUMBERS.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}
