//! Verdict: passed
//!
//! A supervisor thread starts a worker, and starts another one where the last one panicked
//! (two accidents are made on purpose). Main joins the supervisor.

use anyhow::{Result, anyhow, bail};
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::sync::atomic::{AtomicI32, AtomicUsize, Ordering::Relaxed};
use std::thread::{self, Builder};

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];
/// How many numbers, from the first to this one, are still to do.
static TO_DO: AtomicUsize = AtomicUsize::new(NUMBERS.len());

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }

    let supervisor = thread::spawn(|| supervise(5));
    let accidents = supervisor
        .join()
        .map_err(|_| anyhow!("the supervisor panicked"))??;
    eprintln!("The supervisor saw {accidents} accidents.");

    print_slowly(&NUMBERS)
}

fn supervise(most: usize) -> Result<usize> {
    for accidents in 0..most {
        let worker = Builder::new()
            .name(format!("worker-{accidents}"))
            .spawn(move || negate_numbers(accidents))
            .map_err(|error| anyhow!("cannot start a worker: {error}"))?;
        if worker.join().is_ok() {
            return Ok(accidents);
        }
    }
    bail!("gave up after {most} accidents")
}

fn negate_numbers(accidents_before: usize) {
    loop {
        let left = TO_DO.load(Relaxed);
        let Some(number) = left.checked_sub(1).map(|i| &NUMBERS[i]) else {
            return;
        };
        match (left, accidents_before) {
            (300, 0) => panic!("I fell from my chair"),
            (100, 1) => panic!("I have no more coffee"),
            _ => {}
        }
        number.store(-number.load(Relaxed), Relaxed);
        TO_DO.store(left - 1, Relaxed);
        work_a_little();
    }
}
