//! Verdict: did-not-wait
//!
//! Two threads negate a half each. The program joins one of them.

use anyhow::Result;
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
    let second = thread::spawn(|| negate_numbers(200));
    let _first = thread::spawn(|| negate_numbers(0));
    second.join().expect("no panic");
    print_slowly(&NUMBERS)
}

fn negate_numbers(first: usize) {
    for number in NUMBERS[first..first + 200].iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}
