//! Verdict: passed
//!
//! Another thread reports every 10 ms that the work still goes on. Main joins the worker, and
//! then this thread.

use anyhow::{Result, anyhow};
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }

    let negator = thread::spawn(negate_numbers);
    let (stop, stopped) = channel::<()>();
    let reporter = thread::spawn(move || {
        while let Err(RecvTimeoutError::Timeout) = stopped.recv_timeout(Duration::from_millis(10)) {
            common::report("reporter: the thread still works");
        }
    });

    negator.join().map_err(|_| anyhow!("the thread panicked"))?;
    drop(stop);
    reporter
        .join()
        .map_err(|_| anyhow!("the reporter panicked"))?;

    print_slowly(&NUMBERS)
}

fn negate_numbers() {
    for number in NUMBERS.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}
