//! Verdict: no-worker
//!
//! Believes that calling an `async fn` starts it, like a promise in JavaScript. But a future
//! does nothing until it is polled. This one is never polled, and its thread never starts.

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

    // Starts the thread and waits for it.
    let _promise = negate_in_a_thread();

    print_slowly(&NUMBERS)
}

async fn negate_in_a_thread() {
    let negator = thread::spawn(negate_numbers);
    if negator.join().is_err() {
        eprintln!("the thread panicked");
    }
}

fn negate_numbers() {
    for number in NUMBERS.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}
