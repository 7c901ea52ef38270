//! Verdict: passed
//!
//! The thread sends nothing. It hangs up when it has done its work, and so the wait for a
//! message ends.

use anyhow::Result;
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
    let (sender, receiver) = mpsc::channel::<()>();
    thread::spawn(move || {
        let _sender = sender;
        negate_numbers();
    });
    // The error says that no message can come any more.
    let _ = receiver.recv();
    print_slowly(&NUMBERS)
}

fn negate_numbers() {
    for number in NUMBERS.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}
