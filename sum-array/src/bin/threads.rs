//! The sum of an array, by threads.
//!
//! Every thread sums its part of the array and writes the result to its own
//! slot of `results`. Threads share the memory of their process, so both the
//! array and the results are simply there.
//!
//! ```console
//! $ cargo run -p sum-array --bin threads -- 4
//! ```
//!
//! Run it with 1, 2, 4 and 8 threads and watch the time. Then compare it with
//! `processes`, line by line.

use common::{Array, Context, Error, args, exit_code, partial_sum, print_sum, split};
use std::process::ExitCode;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};
use std::thread;
use std::time::Instant;

fn main() -> ExitCode {
    exit_code(run())
}

fn run() -> Result<(), Error> {
    let args = args::sum()?;
    let array = Array::random(&args.array)?;
    let results: Vec<AtomicI64> = (0..args.num).map(|_| AtomicI64::new(0)).collect();

    let start = Instant::now();
    thread::scope(|scope| {
        let mut workers = Vec::new();
        for (i, part) in split(array.len(), args.num).enumerate() {
            let (part, result) = (&array[part], &results[i]);
            let worker = thread::Builder::new()
                .spawn_scoped(scope, || result.store(partial_sum(part), Relaxed))
                .with_context(|| format!("cannot start thread {i}"))?;
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
