//! Wait for me: start a thread, and wait for it.
//!
//! The program prints the numbers 1 to 400. The function `negate_numbers` makes them
//! negative, from the last one to the first.
//!
//! ```console
//! $ cargo run -p wait-for-me --bin threads
//! ```
//!
//! Do TODO 1 and run it several times: where do the negative numbers begin? Do TODO 2
//! and run it several times: where do they begin now?

use anyhow::Result;
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};

/// The numbers are atomic, because two threads use them at the same time. Atomics
/// prevent a data race. They do not decide which thread runs first.
static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }

    // TODO 1: Start a thread that runs `negate_numbers`, and do not wait for it. Look
    // at `std::thread::spawn` (`rustup doc std::thread`).

    // TODO 2: Wait here until the thread has ended: look at the `JoinHandle`. `?` alone
    // can't return the error of `join`. Use `expect`, or `map_err` as in sum-array.

    print_slowly(&NUMBERS)
}

#[allow(dead_code, reason = "TODO 1 will call it")]
fn negate_numbers() {
    // Only this thread writes now, so nothing changes between the load and the store.
    for number in NUMBERS.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}
