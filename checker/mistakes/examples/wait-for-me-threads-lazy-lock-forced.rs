//! Verdict: passed
//!
//! The work is the initialiser of a LazyLock. The thread starts it; when it has begun, main
//! asks for the value too, and is blocked until the initialiser has returned.

use anyhow::{Result, ensure};
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::sync::{Barrier, LazyLock};
use std::thread;

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];

/// Main passes only after the thread has entered the initialiser.
static BEGUN: Barrier = Barrier::new(2);

static LEAST: LazyLock<i32> = LazyLock::new(|| {
    BEGUN.wait();
    negate_numbers()
});

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }

    thread::spawn(|| LazyLock::force(&LEAST));
    BEGUN.wait();
    ensure!(*LEAST == -400, "not negated");

    print_slowly(&NUMBERS)
}

fn negate_numbers() -> i32 {
    let mut least = 0;
    for number in NUMBERS.iter().rev() {
        let negative = -number.load(Relaxed);
        number.store(negative, Relaxed);
        least = least.min(negative);
        work_a_little();
    }
    least
}
