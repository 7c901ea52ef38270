//! Verdict: did-not-wait
//!
//! The channel holds nothing, so `send` waits until the worker has taken the job. It does
//! not wait until the worker has done it.

use anyhow::{Result, anyhow};
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::sync::mpsc::sync_channel;
use std::thread;

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }

    let (jobs, inbox) = sync_channel::<fn()>(0);
    thread::spawn(move || {
        for job in inbox {
            job();
        }
    });
    // Capacity 0: blocks until the worker is through with it.
    jobs.send(negate_numbers)
        .map_err(|_| anyhow!("the worker is gone"))?;

    print_slowly(&NUMBERS)
}

fn negate_numbers() {
    for number in NUMBERS.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}
