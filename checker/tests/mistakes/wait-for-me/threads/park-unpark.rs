//! Verdict: passed
//!
//! The program parks until the thread has said that it is through.

use common::pace::work_a_little;
use common::{Context, Error, args, exit_code};
use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::atomic::{
    AtomicBool, AtomicI32,
    Ordering::{Acquire, Relaxed, Release},
};
use std::thread;

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];
static IS_DONE: AtomicBool = AtomicBool::new(false);

fn main() -> ExitCode {
    exit_code(run())
}

fn run() -> Result<(), Error> {
    args::none()?;
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }

    let waiter = thread::current();
    thread::Builder::new()
        .spawn(move || {
            negate_numbers();
            IS_DONE.store(true, Release);
            waiter.unpark();
        })
        .context("cannot start the thread")?;
    while !IS_DONE.load(Acquire) {
        thread::park();
    }

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
