//! Verdict: timed-out
//!
//! A mutex protects the numbers. The main thread still holds it while it joins the thread, which
//! waits for the mutex: a deadlock in every run.

use anyhow::{Result, anyhow};
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};
use std::thread;

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];
static IN_USE: Mutex<()> = Mutex::new(());

fn main() -> Result<()> {
    args::none();
    // No other thread may use the numbers while main does.
    let _mine = IN_USE.lock().unwrap_or_else(PoisonError::into_inner);
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }

    let negator = thread::spawn(negate_numbers);
    negator.join().map_err(|_| anyhow!("the thread panicked"))?;

    print_slowly(&NUMBERS)
}

fn negate_numbers() {
    let _mine = IN_USE.lock().unwrap_or_else(PoisonError::into_inner);
    for number in NUMBERS.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}
