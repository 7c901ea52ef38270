//! Verdict: timed-out
//! Main locks the state and then the log. At its end, the worker locks the log and then the
//! state. Each may hold the lock that the other one needs.

use anyhow::{Result, ensure};
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];
static IS_DONE: Mutex<bool> = Mutex::new(false);
static LOG: Mutex<Vec<usize>> = Mutex::new(Vec::new());

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }
    thread::spawn(work);

    loop {
        let is_done = lock(&IS_DONE);
        let log = lock(&LOG);
        if *is_done {
            let negated: usize = log.iter().sum();
            ensure!(
                negated == NUMBERS.len(),
                "the log has only {negated} numbers"
            );
            break;
        }
        drop(log);
        drop(is_done);
        thread::sleep(Duration::from_millis(2));
    }
    print_slowly(&NUMBERS)
}

fn work() {
    for part in NUMBERS.rchunks(80) {
        negate(part);
        let mut log = lock(&LOG);
        log.push(part.len());
        if log.len() == 5 {
            *lock(&IS_DONE) = true;
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn negate(part: &[AtomicI32]) {
    for number in part.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}
