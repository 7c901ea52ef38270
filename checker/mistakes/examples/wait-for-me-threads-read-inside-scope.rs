//! Verdict: did-not-wait
//!
//! A scope joins the thread before anything is printed. But what is printed was read inside
//! of the scope, before the join, after a mere sleep.

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

    let copy: Vec<AtomicI32> = thread::scope(|scope| {
        scope.spawn(negate_numbers);
        thread::sleep(Duration::from_millis(300));
        let read = |number: &AtomicI32| AtomicI32::new(number.load(Relaxed));
        NUMBERS.iter().map(read).collect()
    });

    print_slowly(&copy)
}

fn negate_numbers() {
    for number in NUMBERS.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}
