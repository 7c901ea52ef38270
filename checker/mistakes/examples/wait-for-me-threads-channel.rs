//! Verdict: passed
//!
//! The thread sends a message when it is through, and the program waits for the
//! message, however long it takes.

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

    let (sender, receiver) = mpsc::channel();
    thread::Builder::new()
        .spawn(move || {
            negate_numbers();
            let _ = sender.send(());
        })
        .context("cannot start the thread")?;
    receiver
        .recv()
        .map_err(|_| anyhow!("the negating thread panicked"))?;

    print_slowly(&NUMBERS)
}

fn negate_numbers() {
    for number in NUMBERS.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}
