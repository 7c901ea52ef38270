//! Verdict: did-not-wait
//!
//! "A scope joins every thread that is started in it." It joins those of `scope.spawn`;
//! the first half is done by a thread of `thread::spawn`, which only stands in the scope.

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

    let (front, back) = NUMBERS.split_at(200);
    thread::scope(|scope| {
        thread::spawn(|| negate(front));
        scope.spawn(|| negate(back));
    });
    // The scope is over, so both have ended.
    print_slowly(&NUMBERS)
}

fn negate(numbers: &[AtomicI32]) {
    for number in numbers.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}
