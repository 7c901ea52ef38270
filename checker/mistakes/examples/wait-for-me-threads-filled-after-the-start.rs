//! Verdict: wrong-output
//!
//! The program fills the array after it has started the thread. If the thread comes to a number
//! first, it negates 0, and the number stays positive.

use anyhow::{Context, Result, anyhow};
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::thread;

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];

fn main() -> Result<()> {
    args::none();
    let negator = thread::Builder::new()
        .spawn(negate_numbers)
        .context("cannot start the thread")?;
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }
    negator.join().map_err(|_| anyhow!("the thread panicked"))?;
    print_slowly(&NUMBERS)
}

fn negate_numbers() {
    for number in NUMBERS.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}
