//! Verdict: timed-out
//!
//! The main thread and the worker take two locks in opposite orders. If each gets its first
//! lock, both wait forever.

use anyhow::{Result, anyhow};
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::sync::Mutex;
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::thread;

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];
static PROGRESS: Mutex<usize> = Mutex::new(0);
static STATE: Mutex<&str> = Mutex::new("not started");

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }
    let negator = thread::spawn(negate_numbers);
    {
        let mut state = STATE.lock().unwrap();
        let progress = PROGRESS.lock().unwrap();
        *state = if *progress == 0 { "started" } else { "done" };
    }
    negator.join().map_err(|_| anyhow!("the thread panicked"))?;
    print_slowly(&NUMBERS)
}

fn negate_numbers() {
    for number in NUMBERS.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
    let mut progress = PROGRESS.lock().unwrap();
    let mut state = STATE.lock().unwrap();
    *progress = NUMBERS.len();
    *state = "done";
}
