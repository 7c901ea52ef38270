//! Verdict: passed
//!
//! A function of its own starts the thread and waits for it.

use anyhow::{Context, Result, anyhow};
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::thread;

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }

    run_in_a_thread("the negating thread", negate_numbers)?;
    print_slowly(&NUMBERS)
}

fn run_in_a_thread(name: &str, work: fn()) -> Result<()> {
    let thread = thread::Builder::new()
        .spawn(work)
        .with_context(|| format!("cannot start {name}"))?;
    thread.join().map_err(|_| anyhow!("{name} panicked"))
}

fn negate_numbers() {
    for number in NUMBERS.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}
