//! Verdict: passed
//!
//! Four threads negate a quarter each, and the program joins all of them.

use anyhow::{Result, anyhow};
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
    let quarters = NUMBERS.chunks(100).map(|quarter| {
        thread::spawn(move || {
            for number in quarter {
                number.store(-number.load(Relaxed), Relaxed);
                work_a_little();
            }
        })
    });
    let threads: Vec<_> = quarters.collect();
    for thread in threads {
        thread.join().map_err(|_| anyhow!("a thread panicked"))?;
    }
    print_slowly(&NUMBERS)
}
