//! Verdict: wrong-output
//!
//! The thread ends the whole program by `exit`, when it has done its work. Nothing is printed.

use anyhow::Result;
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::process;
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::thread;

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }

    let thread = thread::spawn(|| {
        negate_numbers();
        // The thread is done.
        process::exit(0)
    });
    let _: Result<(), _> = thread.join();

    print_slowly(&NUMBERS)
}

fn negate_numbers() {
    for number in NUMBERS.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}
