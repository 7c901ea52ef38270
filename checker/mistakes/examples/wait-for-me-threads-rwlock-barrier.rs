//! Verdict: passed
//!
//! The worker takes a write lock, both meet at a barrier, and only then the main thread asks for a
//! read lock. It cannot get it before the worker has negated all numbers.

use anyhow::{Result, anyhow};
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::sync::{Arc, Barrier, RwLock};
use std::thread;

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];

/// Who writes to the numbers has it for writing, who prints them has it for reading.
static DOOR: RwLock<()> = RwLock::new(());

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }

    let both_are_here = Arc::new(Barrier::new(2));
    let for_worker = Arc::clone(&both_are_here);
    thread::spawn(move || {
        let _writing = DOOR.write();
        // Only now, with the lock in my hand, the main thread may go on.
        for_worker.wait();
        negate_numbers();
    });

    both_are_here.wait();
    let _reading = DOOR
        .read()
        .map_err(|_| anyhow!("the worker panicked with the lock"))?;
    print_slowly(&NUMBERS)
}

fn negate_numbers() {
    for number in NUMBERS.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}
