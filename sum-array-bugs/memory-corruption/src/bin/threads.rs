//! Memory corruption, with threads.
//!
//! Workers sum the parts of an array of numbers from 1 to 100. With a second argument,
//! one more worker, the corruptor, overwrites the whole array with -1000 at the same time.
//!
//! ```console
//! $ cargo run -p memory-corruption --bin threads -- 4
//! $ cargo run -p memory-corruption --bin threads -- 4 corrupt
//! ```
//!
//! Why is the second sum negative? Run `processes` in the same way.

use anyhow::{Result, anyhow};
use common::pace::sum_slowly;
use common::{AtomicArray, Stopwatch};
use common::{args, print_sum, split};
use std::sync::atomic::Ordering::Relaxed;
use std::thread;

fn main() -> Result<()> {
    let args = args::corruption();
    let array = AtomicArray::random(&args.array)?;
    let mut results = vec![0; args.num];

    let stopwatch = Stopwatch::start();
    // The scope ends after the work of its threads, so they may borrow `array` and `results`.
    thread::scope(|scope| {
        let mut workers = Vec::new();
        for (i, (part, result)) in split(&array, args.num).zip(&mut results).enumerate() {
            let worker = thread::Builder::new()
                .name(format!("worker {i}"))
                .spawn_scoped(scope, move || *result = sum_slowly(part))
                .map_err(|error| anyhow!("cannot start thread {i}: {error}"))?;
            workers.push(worker);
        }
        if args.do_corruption {
            let worker = thread::Builder::new()
                .name("corruptor".into())
                // BUG (on purpose): this worker must not write to the array.
                .spawn_scoped(scope, || {
                    array.iter().for_each(|number| number.store(-1000, Relaxed));
                })
                .map_err(|error| anyhow!("cannot start the corruptor: {error}"))?;
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
