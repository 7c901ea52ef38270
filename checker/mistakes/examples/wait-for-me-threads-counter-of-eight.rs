//! Verdict: passed
//!
//! Eight threads negate fifty numbers each, and count them. The program asks until all
//! are counted.

use anyhow::Result;
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::hint::spin_loop;
use std::sync::atomic::{
    AtomicI32, AtomicUsize,
    Ordering::{Acquire, Relaxed, Release},
};
use std::thread;

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];
static NEGATED: AtomicUsize = AtomicUsize::new(0);

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }
    for first in (0..400).step_by(50) {
        thread::spawn(move || {
            negate_numbers(first);
            NEGATED.fetch_add(50, Release);
        });
    }
    while NEGATED.load(Acquire) < 400 {
        spin_loop();
    }
    print_slowly(&NUMBERS)
}

fn negate_numbers(first: usize) {
    for number in NUMBERS[first..first + 50].iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}
