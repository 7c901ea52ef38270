//! Wait for me: a thread that nobody waits for.
//!
//! The numbers 1 to 400 are printed, while a thread of your own makes them
//! negative, from the last one to the first.
//!
//! ```console
//! $ cargo run -p wait-for-me --bin threads
//! ```
//!
//! With TODO 1 done, run it several times: where do the negative numbers
//! begin? With TODO 2 done as well, they begin at the very first.

use common::pace::work_a_little;
use common::{Context, Error, args, exit_code};
use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};

/// Atomic, because two threads use them at once. What they find there is a
/// matter of luck all the same.
static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];

fn main() -> ExitCode {
    exit_code(run())
}

fn run() -> Result<(), Error> {
    args::none()?;
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }

    // TODO 1: Start a thread that runs `negate_numbers`, and do not wait for
    // it. (`std::thread` has what you need.)
    // <solution>
    let negator = std::thread::Builder::new()
        .spawn(negate_numbers)
        .context("cannot start the thread")?;
    // </solution>

    // TODO 2: Wait until the thread has ended.
    // <solution>
    negator
        .join()
        .map_err(|_| Error::panicked("the negating thread"))?;
    // </solution>

    print_numbers().context("cannot write to standard output")
}

#[allow(dead_code, reason = "nobody calls it before TODO 1 is done")]
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
