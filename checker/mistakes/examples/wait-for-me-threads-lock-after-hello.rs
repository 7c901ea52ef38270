//! Verdict: did-not-wait
//!
//! The thread holds a lock while it works, and `main` takes that lock before it prints. But
//! the thread says hello before it has the lock, so `main`, 30 ms later, can be the first.

use anyhow::Result;
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

/// The numbers are atomic, because two threads use them at the same time.
static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];

static BUSY: Mutex<()> = Mutex::new(());

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }

    let (hello, greeting) = mpsc::channel();
    thread::spawn(move || {
        let _ = hello.send("hello");
        let _busy = BUSY.lock().unwrap_or_else(PoisonError::into_inner);
        negate_numbers();
    });

    greeting.recv()?;
    // Now it runs. Give it the time to take the lock, and wait until it gives it back.
    thread::sleep(Duration::from_millis(30));
    let _done = BUSY.lock().unwrap_or_else(PoisonError::into_inner);
    print_slowly(&NUMBERS)
}

fn negate_numbers() {
    for number in NUMBERS.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}
