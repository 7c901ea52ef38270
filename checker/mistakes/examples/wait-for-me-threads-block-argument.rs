//! Verdict: no-worker
//! The argument of `spawn` is a block that does the work and then gives an empty closure.
//! Main itself evaluates the block, so the new thread has nothing to do.

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
    let worker = thread::spawn({
        for number in NUMBERS.iter().rev() {
            number.fetch_update(Relaxed, Relaxed, |n| Some(-n)).ok();
            work_a_little();
        }
        || ()
    });
    worker.join().map_err(|_| anyhow!("the thread panicked"))?;
    print_slowly(&NUMBERS)
}
