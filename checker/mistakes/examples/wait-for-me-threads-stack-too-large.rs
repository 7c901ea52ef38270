//! Verdict: no-worker
//!
//! Asks for a thread with a stack larger than any address space. That fails every time, and
//! then, as a careful program does, `main` does the work itself.

use anyhow::{Result, anyhow};
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::thread;

/// The numbers are atomic, because two threads use them at the same time.
static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }

    let negator = thread::Builder::new()
        .name("negator".into())
        .stack_size(1 << 58)
        .spawn(negate_numbers);
    match negator {
        Ok(negator) => negator.join().map_err(|_| anyhow!("the thread panicked"))?,
        Err(_) => negate_numbers(),
    }

    print_slowly(&NUMBERS)
}

fn negate_numbers() {
    for number in NUMBERS.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}
