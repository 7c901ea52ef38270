//! Verdict: did-not-wait
//!
//! Waits for the condition with `if`, not with `while`. A condition variable may wake a thread
//! spuriously, and then the thread is still at work.

use anyhow::Result;
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::sync::{Condvar, Mutex};
use std::thread;

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];
static DONE: Mutex<bool> = Mutex::new(false);
static CHANGED: Condvar = Condvar::new();

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }
    thread::spawn(negate_numbers);

    let done = DONE.lock().expect("not poisoned");
    if !*done {
        drop(CHANGED.wait(done).expect("not poisoned"));
    }

    print_slowly(&NUMBERS)
}

fn negate_numbers() {
    for number in NUMBERS.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
    *DONE.lock().expect("not poisoned") = true;
    CHANGED.notify_one();
}
