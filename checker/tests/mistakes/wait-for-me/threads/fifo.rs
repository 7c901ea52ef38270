//! Verdict: passed
//!
//! The program waits in a call that hardly anybody uses for that: opening a FIFO blocks
//! until somebody opens its other end.

use common::pace::work_a_little;
use common::{Context, Error, args, exit_code};
use std::fs::{self, File};
use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::thread;

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];

fn main() -> ExitCode {
    exit_code(run())
}

fn run() -> Result<(), Error> {
    args::none()?;
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

    print_numbers().context("cannot write to standard output")
}

fn negate_numbers() {
    for number in NUMBERS.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}

fn print_numbers() -> io::Result<()> {
    let mut out = io::stdout();
    for line in NUMBERS.chunks(16) {
        for number in line {
            write!(out, "{:5}", number.load(Relaxed))?;
            work_a_little();
        }
        writeln!(out)?;
    }
    Ok(())
}
