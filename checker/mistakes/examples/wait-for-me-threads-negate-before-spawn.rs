//! Verdict: no-worker
//!
//! The main thread makes the numbers negative itself, then starts a thread that
//! does nothing, and waits for that.

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

    negate_numbers();
    let idler = thread::Builder::new()
        .spawn(|| {})
        .context("cannot start the thread")?;
    idler
        .join()
        .map_err(|_| anyhow!("the idle thread panicked"))?;

    print_slowly(&NUMBERS)
}

fn negate_numbers() {
    for number in NUMBERS.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}
