//! Verdict: did-not-wait
//!
//! The program counts for about as long as it took on one machine.

use anyhow::Result;
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::hint::spin_loop;
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::thread;

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }
    thread::spawn(negate_numbers);
    for _ in 0..5_000_000 {
        spin_loop();
    }
    print_slowly(&NUMBERS)
}

fn negate_numbers() {
    for number in NUMBERS.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}
