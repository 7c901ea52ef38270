//! Verdict: passed
//!
//! Another thread prints something while the one that does the work has not begun.

use anyhow::{Context, Result, anyhow};
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::sync::mpsc;
use std::thread;

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }

    let (start, is_started) = mpsc::channel();
    let helper = thread::spawn(move || {
        let _ = start.send(());
        for step in 1..=20 {
            eprintln!("step {step}");
            work_a_little();
        }
    });
    let _ = is_started.recv();
    let negator = thread::Builder::new()
        .spawn(negate_numbers)
        .context("cannot start the thread")?;
    negator
        .join()
        .map_err(|_| anyhow!("the negating thread panicked"))?;
    let _ = helper.join();

    print_slowly(&NUMBERS)
}

fn negate_numbers() {
    for number in NUMBERS.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}
