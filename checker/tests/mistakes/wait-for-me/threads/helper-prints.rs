//! Verdict: passed
//!
//! Another thread prints something while the one that does the work has not begun.

use common::pace::work_a_little;
use common::{Context, Error, args, exit_code};
use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::sync::mpsc;
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

    let (start, is_started) = mpsc::channel();
    let helper = thread::spawn(move || {
        let _ = start.send(());
        for step in 1..=20 {
            eprintln!("step {step}");
            work_a_little();
        }
    });
    let _ = is_started.recv();
    let negator = thread::Builder::new()
        .spawn(negate_numbers)
        .context("cannot start the thread")?;
    negator
        .join()
        .map_err(|_| Error::panicked("the negating thread"))?;
    let _ = helper.join();

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
