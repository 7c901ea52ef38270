//! Verdict: did-not-wait
//!
//! Knows `std::jthread` of C++20, whose destructor joins. Believes that a `JoinHandle` does the
//! same at the end of its block. But a dropped handle only detaches the thread.

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

    {
        let _negator = thread::spawn(negate_numbers);
        // RAII: the handle goes out of scope here, and its destructor joins the thread.
    }

    print_slowly(&NUMBERS)
}

fn negate_numbers() {
    for number in NUMBERS.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}
