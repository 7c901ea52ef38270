//! Verdict: passed
//!
//! The thread negates the first number last. The program looks at this number until it is
//! negative.

use anyhow::Result;
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::hint::spin_loop;
use std::sync::atomic::{
    AtomicI32,
    Ordering::{Acquire, Relaxed},
};
use std::thread;

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }
    thread::spawn(negate_numbers);
    while NUMBERS[0].load(Acquire) > 0 {
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
