//! Verdict: did-not-wait
//!
//! Joins a thread that has started another thread for the work. The one in the middle sees
//! the other one begin, dawdles, and ends; it does not join it.

use anyhow::{Result, anyhow};
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Duration;

/// The numbers are atomic, because two threads use them at the same time.
static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }

    let manager = thread::Builder::new()
        .name("negator".into())
        .spawn(manage)
        .map_err(|error| anyhow!("cannot start the thread: {error}"))?;
    manager.join().map_err(|_| anyhow!("the thread panicked"))?;

    print_slowly(&NUMBERS)
}

fn manage() {
    let begin = Arc::new(Barrier::new(2));
    let also_begin = Arc::clone(&begin);
    thread::spawn(move || {
        also_begin.wait();
        negate_numbers();
    });
    begin.wait();
    thread::sleep(Duration::from_millis(250));
}

fn negate_numbers() {
    for number in NUMBERS.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}
