//! Verdict: passed
//!
//! The thread starts another one, which does the work and tells the program when it is
//! done. The first one has ended long before.

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

    let (done, is_done) = mpsc::channel();
    let delegate = move || {
        thread::spawn(move || {
            negate_numbers();
            let _ = done.send(());
        });
    };
    thread::Builder::new()
        .spawn(delegate)
        .context("cannot start the thread")?;
    if is_done.recv().is_err() {
        return Err(anyhow!("the negating thread panicked"));
    }

    print_slowly(&NUMBERS)
}

fn negate_numbers() {
    for number in NUMBERS.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}
