//! Verdict: timed-out
//!
//! The thread stops the whole process, and no other process continues it.

use anyhow::{Result, anyhow};
use common::args;
use common::pace::print_slowly;
use nix::sys::signal::{Signal, raise};
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::thread;

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }
    let negator = thread::spawn(|| {
        let stopped = raise(Signal::SIGSTOP);
        for number in NUMBERS.iter().rev() {
            number.store(-number.load(Relaxed), Relaxed);
        }
        stopped
    });
    negator
        .join()
        .map_err(|_| anyhow!("the thread panicked"))??;
    print_slowly(&NUMBERS)
}
