//! Verdict: did-not-wait
//!
//! Means to join the threads that still run. But `take_while` ends at the first one that
//! has finished: those behind it are not joined, where `filter` was meant.

use anyhow::Result;
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::thread::{self, JoinHandle};

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }

    let negators: Vec<JoinHandle<()>> = NUMBERS
        .chunks(50)
        .map(|part| thread::spawn(move || negate(part)))
        .collect();

    negators
        .into_iter()
        // No need to wait for one that has finished.
        .take_while(|negator| !negator.is_finished())
        .for_each(|negator| negator.join().expect("no thread panics"));

    print_slowly(&NUMBERS)
}

fn negate(numbers: &[AtomicI32]) {
    for number in numbers.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}
