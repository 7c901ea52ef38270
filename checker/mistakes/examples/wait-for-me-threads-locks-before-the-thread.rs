//! Verdict: did-not-wait
//!
//! The thread works while it has a lock. But the program may get the lock first.

use anyhow::Result;
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::sync::Mutex;
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::thread;

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];
static WORK: Mutex<()> = Mutex::new(());

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }
    thread::spawn(|| {
        let _guard = WORK.lock();
        negate_numbers();
    });
    let _guard = WORK.lock();
    print_slowly(&NUMBERS)
}

fn negate_numbers() {
    for number in NUMBERS.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}
