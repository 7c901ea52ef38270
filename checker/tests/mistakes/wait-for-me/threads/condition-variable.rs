//! Verdict: passed
//!
//! The program waits on a condition variable until the thread has said that it is
//! through.

use common::pace::work_a_little;
use common::{Context, Error, args, exit_code};
use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::sync::{Condvar, Mutex};
use std::thread;

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];
static IS_DONE: Mutex<bool> = Mutex::new(false);
static CHANGED: Condvar = Condvar::new();

fn main() -> ExitCode {
    exit_code(run())
}

fn run() -> Result<(), Error> {
    args::none()?;
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }

    thread::Builder::new()
        .spawn(negate_and_tell)
        .context("cannot start the thread")?;
    let is_done = IS_DONE.lock().expect("nobody panics with the lock");
    let is_done = CHANGED
        .wait_while(is_done, |is_done| !*is_done)
        .expect("nobody panics with the lock");
    drop(is_done);

    print_numbers().context("cannot write to standard output")
}

fn negate_and_tell() {
    negate_numbers();
    *IS_DONE.lock().expect("nobody panics with the lock") = true;
    CHANGED.notify_one();
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
