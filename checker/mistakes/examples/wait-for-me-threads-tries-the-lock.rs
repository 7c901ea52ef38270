//! Verdict: passed
//!
//! The thread has a lock while it works, and tells when it has it. The program tries to
//! get the lock until it does.

use anyhow::Result;
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::hint::spin_loop;
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::sync::{Mutex, mpsc};
use std::thread;

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];
static WORK: Mutex<()> = Mutex::new(());

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let _guard = WORK.lock();
        // The program has not gone away.
        let _ = sender.send(());
        negate_numbers();
    });
    receiver.recv()?;
    while WORK.try_lock().is_err() {
        spin_loop();
    }
    print_slowly(&NUMBERS)
}

fn negate_numbers() {
    for number in NUMBERS.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}
