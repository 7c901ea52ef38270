//! Verdict: passed
//!
//! The program waits in an unusual call: opening a FIFO blocks until another task opens its
//! other end.

use anyhow::{Context, Result};
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::fs::File;
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::{fs, io, thread};

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }

    // SAFETY: the string ends with a zero.
    if unsafe { libc::mkfifo(c"done".as_ptr(), 0o600) } != 0 {
        return Err(io::Error::last_os_error()).context("cannot make a FIFO");
    }
    let negate_and_tell = || {
        negate_numbers();
        File::options().write(true).open("done")
    };
    let negator = thread::Builder::new()
        .spawn(negate_and_tell)
        .context("cannot start the thread")?;
    File::open("done").context("cannot open the FIFO")?;
    let _ = negator.join();
    fs::remove_file("done").context("cannot remove the FIFO")?;

    print_slowly(&NUMBERS)
}

fn negate_numbers() {
    for number in NUMBERS.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}
