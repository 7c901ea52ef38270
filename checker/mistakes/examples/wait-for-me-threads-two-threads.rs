//! Verdict: passed
//!
//! Each of two threads makes one half of the numbers negative. The program waits
//! for both.

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

    let (left, right) = NUMBERS.split_at(200);
    let mut negators = Vec::new();
    for half in [right, left] {
        let negator = thread::Builder::new()
            .spawn(|| negate(half))
            .context("cannot start a thread")?;
        negators.push(negator);
    }
    for negator in negators {
        negator
            .join()
            .map_err(|_| anyhow!("a negating thread panicked"))?;
    }

    print_slowly(&NUMBERS)
}

fn negate(numbers: &[AtomicI32]) {
    for number in numbers.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}
