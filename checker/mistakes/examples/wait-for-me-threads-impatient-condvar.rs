//! Verdict: did-not-wait
//! Main waits at a condition variable for at most five milliseconds, and does not look
//! whether the time has run out. The work takes about a hundred times as long.

use anyhow::{Result, anyhow};
use common::args;
use common::pace::print_slowly;
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::sync::{Condvar, Mutex};
use std::thread;
use std::time::Duration;

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];
static DONE: Mutex<bool> = Mutex::new(false);
static CHANGED: Condvar = Condvar::new();

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }
    thread::spawn(|| {
        for number in NUMBERS.iter().rev() {
            thread::sleep(Duration::from_millis(1));
            number.store(-number.load(Relaxed), Relaxed);
        }
        *DONE.lock().expect("main has not panicked") = true;
        CHANGED.notify_all();
    });
    let done = DONE.lock().map_err(|_| anyhow!("poisoned"))?;
    let patience = Duration::from_millis(5);
    let result = CHANGED.wait_timeout_while(done, patience, |done| !*done);
    drop(result.map_err(|_| anyhow!("poisoned"))?);
    print_slowly(&NUMBERS)
}
