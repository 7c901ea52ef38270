//! Verdict: passed
//!
//! The thread owns something that the program only watches: it is gone when the thread
//! has done its work.

use anyhow::Result;
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::thread;
use std::time::Duration;

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }
    let owner = Arc::new(());
    let watched = Arc::downgrade(&owner);
    thread::spawn(move || {
        let _owner = owner;
        negate_numbers();
    });
    while watched.upgrade().is_some() {
        thread::sleep(Duration::from_millis(1));
    }
    print_slowly(&NUMBERS)
}

fn negate_numbers() {
    for number in NUMBERS.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}
