//! Verdict: no-worker
//!
//! The program prints what is expected, from a loop. There is a thread, and the
//! program waits for its message, but that is all it does.

use common::{Context, Error, args, exit_code};
use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::mpsc;
use std::thread;

fn main() -> ExitCode {
    exit_code(run())
}

fn run() -> Result<(), Error> {
    args::none()?;
    let (sender, receiver) = mpsc::channel();
    thread::Builder::new()
        .spawn(move || sender.send(()).is_ok())
        .context("cannot start the thread")?;
    receiver
        .recv()
        .map_err(|_| Error::panicked("the idle thread"))?;

    print_numbers().context("cannot write to standard output")
}

fn print_numbers() -> io::Result<()> {
    let mut out = io::stdout();
    for number in 1..=400 {
        write!(out, "{:5}", -number)?;
        if number % 16 == 0 {
            writeln!(out)?;
        }
    }
    Ok(())
}
