//! Verdict: no-worker
//!
//! There is a thread, and the program waits for it, but it does nothing: the main
//! thread makes the numbers negative afterwards.

use anyhow::{Context, Result, anyhow};
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

    let idler = thread::Builder::new()
        .spawn(|| {})
        .context("cannot start the thread")?;
    idler
        .join()
        .map_err(|_| anyhow!("the idle thread panicked"))?;

    negate_numbers();
    print_slowly(&NUMBERS)
}

fn negate_numbers() {
    for number in NUMBERS.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}
