//! Verdict: did-not-wait
//!
//! The program starts two threads and joins the one that does nothing.

use anyhow::{Result, anyhow};
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::thread;

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];

fn set_numbers() {
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }
}

fn negate_numbers() {
    for number in NUMBERS.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}

fn main() -> Result<()> {
    args::none();
    set_numbers();
    thread::spawn(negate_numbers);
    let idle = thread::spawn(|| {});
    idle.join().map_err(|_| anyhow!("the thread panicked"))?;
    print_slowly(&NUMBERS)
}
