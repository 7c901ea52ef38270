//! Verdict: passed
//!
//! The first thread does not only wait: it takes parts of the work as well, from the same
//! list.

use anyhow::Result;
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::sync::Mutex;
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::thread;

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];
static PARTS: Mutex<Vec<usize>> = Mutex::new(Vec::new());

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }
    *PARTS.lock().expect("no panic") = (0..400).step_by(10).collect();
    let helper = thread::spawn(negate_parts);
    negate_parts();
    helper.join().expect("no panic");
    print_slowly(&NUMBERS)
}

fn negate_numbers(first: usize) {
    for number in NUMBERS[first..first + 10].iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}

fn negate_parts() {
    let next = || PARTS.lock().expect("no panic").pop();
    while let Some(first) = next() {
        negate_numbers(first);
    }
}
