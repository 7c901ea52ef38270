//! Memory corruption, with threads.
//!
//! Threads sum the parts of an array of numbers from 1 to 100. With a second
//! argument, one more thread overwrites all of the array with -1000.
//!
//! ```console
//! $ cargo run -p memory-corruption --bin threads -- 4
//! $ cargo run -p memory-corruption --bin threads -- 4 corrupt
//! ```
//!
//! Watch the sum: can it be the sum of positive numbers? Then try the same with
//! `processes`.

use common::pace::unhurried_sum;
use common::{Array, Context, Error, args, exit_code, print_sum, split};
use std::process::ExitCode;
use std::sync::atomic::{AtomicI32, AtomicI64, Ordering::Relaxed};
use std::thread;
use std::time::Instant;

fn main() -> ExitCode {
    exit_code(run())
}

fn run() -> Result<(), Error> {
    let (args, do_corruption) = args::corruption()?;
    let mut array = Array::random(&args.array)?;
    let array = array.as_atomics();
    let results: Vec<AtomicI64> = (0..args.num).map(|_| AtomicI64::new(0)).collect();

    let start = Instant::now();
    thread::scope(|scope| {
        let mut workers = Vec::new();
        for (i, part) in split(array.len(), args.num).enumerate() {
            let (part, result) = (&array[part], &results[i]);
            let worker = thread::Builder::new()
                .spawn_scoped(scope, || result.store(unhurried_sum(part), Relaxed))
                .with_context(|| format!("cannot start thread {i}"))?;
            workers.push(worker);
        }
        if do_corruption {
            let worker = thread::Builder::new()
                .spawn_scoped(scope, || corrupt(array))
                .context("cannot start the corrupting thread")?;
            workers.push(worker);
        }

        let mut result = Ok(());
        for (i, worker) in workers.into_iter().enumerate() {
            if worker.join().is_err() {
                result = Err(Error::panicked(format!("thread {i}")));
            }
        }
        result
    })?;

    let sum = results.iter().map(|result| result.load(Relaxed)).sum();
    print_sum(sum, start.elapsed())
}

/// BUG (on purpose): it writes to what it has no business with.
fn corrupt(array: &[AtomicI32]) {
    for number in array {
        number.store(-1000, Relaxed);
    }
}
