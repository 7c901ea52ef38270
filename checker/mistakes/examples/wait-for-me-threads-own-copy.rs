//! Verdict: wrong-output
//!
//! Joins the thread, but believes that a thread has its own copy of the numbers, as a child process
//! would. So the main thread negates "its own" numbers too, and they are positive again.

use anyhow::{Result, anyhow};
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::thread;

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }

    // TODO 1
    let handle = thread::spawn(negate_numbers);

    // TODO 2
    handle.join().map_err(|_| anyhow!("thread panicked"))?;

    // The numbers of the thread are negative now. Those of main are still the old ones, therefore:
    negate_numbers();

    print_slowly(&NUMBERS)
}

fn negate_numbers() {
    for number in NUMBERS.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}
