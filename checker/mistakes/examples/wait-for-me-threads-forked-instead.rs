//! Verdict: no-worker
//! A child process negates the numbers in shared memory, and the program waits for it. No
//! thread is started at all.

use anyhow::Result;
use common::pace::{print_slowly, work_a_little};
use common::{Process, SharedSlice, args};
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};

fn main() -> Result<()> {
    args::none();
    let numbers = SharedSlice::<AtomicI32>::zeroed(400)?;
    for (number, value) in numbers.iter().zip(1..) {
        number.store(value, Relaxed);
    }
    let mut negator = Process::new("negator", || {
        for number in numbers.iter().rev() {
            number.store(-number.load(Relaxed), Relaxed);
            work_a_little();
        }
        Ok(())
    });
    negator.start()?;
    negator.join()?;
    print_slowly(&numbers)
}
