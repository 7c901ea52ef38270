//! Verdict: no-worker
//!
//! The program starts a thread and does not wait for it. The thread does nothing, so the
//! numbers stay as they are.

use anyhow::{Context, Result};
use common::args;
use common::pace::print_slowly;
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::thread;

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }

    thread::Builder::new()
        .spawn(|| {})
        .context("cannot start the thread")?;

    print_slowly(&NUMBERS)
}
