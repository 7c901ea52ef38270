//! Verdict: timed-out
//!
//! The thread does its work and then sleeps for ever. The program waits for its
//! end, and never gets to print.

use anyhow::{Context, Result, anyhow};
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::thread;
use std::time::Duration;

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }

    let negator = thread::Builder::new()
        .spawn(negate_and_stay)
        .context("cannot start the thread")?;
    negator
        .join()
        .map_err(|_| anyhow!("the negating thread panicked"))?;

    print_slowly(&NUMBERS)
}

fn negate_and_stay() {
    negate_numbers();
    loop {
        thread::sleep(Duration::from_secs(1));
    }
}

fn negate_numbers() {
    for number in NUMBERS.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}
