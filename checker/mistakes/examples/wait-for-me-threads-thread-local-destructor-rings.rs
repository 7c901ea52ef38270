//! Verdict: passed
//!
//! The thread touches a thread-local value. Its destructor runs when the thread ends, after the
//! work, and rings. Main waits for that in a loop.

use anyhow::Result;
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::sync::{Condvar, Mutex, PoisonError};
use std::thread;

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];

static RUNG: Mutex<bool> = Mutex::new(false);
static BELL: Condvar = Condvar::new();

/// Rings when its thread ends.
struct Ringer;

impl Drop for Ringer {
    fn drop(&mut self) {
        *RUNG.lock().unwrap_or_else(PoisonError::into_inner) = true;
        BELL.notify_all();
    }
}

thread_local! {
    static RINGER: Ringer = const { Ringer };
}

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }

    thread::spawn(|| {
        RINGER.with(|_| ());
        negate_numbers();
    });

    let rung = RUNG.lock().unwrap_or_else(PoisonError::into_inner);
    drop(BELL.wait_while(rung, |rung| !*rung));

    print_slowly(&NUMBERS)
}

fn negate_numbers() {
    for number in NUMBERS.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}
