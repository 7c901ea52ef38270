//! Verdict: passed
//!
//! Main polls, and prints a long line to standard error each time.

use anyhow::Result;
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::thread;
use std::time::Duration;

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }
    let t = thread::spawn(negate_numbers);
    while !t.is_finished() {
        let left = NUMBERS.iter().filter(|n| n.load(Relaxed) > 0).count();
        common::report(format!(
            "{}{} to go",
            "#".repeat(100 - left / 4),
            ".".repeat(left / 4)
        ));
        thread::sleep(Duration::from_millis(1));
    }
    let _ = t.join();
    print_slowly(&NUMBERS)
}

fn negate_numbers() {
    for number in NUMBERS.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}
