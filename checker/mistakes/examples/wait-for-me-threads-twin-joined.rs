//! Verdict: did-not-wait
//!
//! Starts the negator and, after it, a twin that does the same to a second array, five
//! times. It joins the twin only: what is started later and does more must end later.

use anyhow::{Result, anyhow};
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::thread;

/// The numbers are atomic, because two threads use them at the same time.
static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];

static SPARE: [AtomicI32; 400] = [const { AtomicI32::new(1) }; 400];

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }

    let workers = [(&NUMBERS, 1), (&SPARE, 5)].map(|(numbers, times)| {
        thread::spawn(move || {
            for _ in 0..times {
                negate(numbers);
            }
        })
    });
    let [_first, last] = workers;
    last.join().map_err(|_| anyhow!("the thread panicked"))?;

    print_slowly(&NUMBERS)
}

fn negate(numbers: &[AtomicI32]) {
    for number in numbers.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}
