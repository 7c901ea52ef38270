//! The sum of an array, by threads.
//!
//! Each worker sums its part of the array, and writes the sum to its own slot of
//! `results`.
//! All threads of a process share its memory: the array and the results.
//!
//! ```console
//! $ cargo run -p sum-array --bin threads -- 4
//! ```
//!
//! Run it with 1, 2, 4 and 8 workers, and compare the times. Then compare `threads.rs`
//! with `processes.rs`: what does a process need that a thread does not?

use anyhow::{Result, anyhow};
use common::{Array, Stopwatch};
use common::{args, partial_sum, print_sum, repeat, split};
use std::thread;

fn main() -> Result<()> {
    let args = args::sum();
    let array = Array::random(&args.array)?;
    let mut results = vec![0; args.num];

    let stopwatch = Stopwatch::start();
    // The scope ends after the work of its threads, so they may borrow `array` and `results`.
    thread::scope(|scope| {
        let mut workers = Vec::new();
        for (i, (part, result)) in split(&array, args.num).zip(&mut results).enumerate() {
            let worker = thread::Builder::new()
                .name(format!("worker {i}"))
                .spawn_scoped(scope, move || {
                    *result = repeat(args.rounds, || partial_sum(part));
                })
                .map_err(|error| anyhow!("cannot start thread {i}: {error}"))?;
            workers.push(worker);
        }

        for (i, worker) in workers.into_iter().enumerate() {
            worker.join().map_err(|_| anyhow!("thread {i} panicked"))?;
        }
        // `anyhow::Ok` sets the error type of this closure.
        anyhow::Ok(())
    })?;

    print_sum(results.iter().sum(), &stopwatch)
}
