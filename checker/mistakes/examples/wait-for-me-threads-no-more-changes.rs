//! Verdict: did-not-wait
//!
//! Watches the sum of the numbers. When it has begun to change, and then has not changed for
//! 200 ms, the thread is taken to be done. A thread that is held up in the middle is not.

use anyhow::Result;
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::thread;
use std::time::Duration;

/// The numbers are atomic, because two threads use them at the same time.
static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }

    let untouched = sum();
    thread::spawn(negate_numbers);

    let mut last = untouched;
    let mut quiet = 0;
    while last == untouched || quiet < 20 {
        thread::sleep(Duration::from_millis(10));
        let now = sum();
        quiet = if now == last { quiet + 1 } else { 0 };
        last = now;
    }

    print_slowly(&NUMBERS)
}

fn sum() -> i32 {
    NUMBERS.iter().map(|number| number.load(Relaxed)).sum()
}

fn negate_numbers() {
    for number in NUMBERS.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}
