//! Verdict: did-not-wait
//!
//! The thread counts a number before it negates it. The program asks until some of them
//! are counted.

use anyhow::Result;
use common::args;
use common::pace::print_slowly;
use std::hint::spin_loop;
use std::sync::atomic::{AtomicI32, AtomicUsize, Ordering::Relaxed};
use std::thread;

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];
static COUNTED: AtomicUsize = AtomicUsize::new(0);

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }
    thread::spawn(negate_numbers);
    while COUNTED.load(Relaxed) < 40 {
        spin_loop();
    }
    print_slowly(&NUMBERS)
}

fn negate_numbers() {
    for number in NUMBERS.iter().rev() {
        COUNTED.fetch_add(1, Relaxed);
        number.store(-number.load(Relaxed), Relaxed);
    }
}
