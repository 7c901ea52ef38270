//! Verdict: did-not-wait
//!
//! The program sleeps for 200 ms in place of waiting. The thread needs a tenth of
//! that, but nothing makes sure that it gets it.

use anyhow::{Context, Result};
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

    thread::Builder::new()
        .spawn(negate_numbers)
        .context("cannot start the thread")?;
    thread::sleep(Duration::from_millis(200));

    print_slowly(&NUMBERS)
}

fn negate_numbers() {
    for number in NUMBERS.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}
