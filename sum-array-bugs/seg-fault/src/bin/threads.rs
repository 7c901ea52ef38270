//! The sum of an array, by threads, with a bug: worker 2 writes through a bad pointer.
//!
//! ```console
//! $ cargo run -p seg-fault --bin threads -- 2
//! $ cargo run -p seg-fault --bin threads -- 4
//! ```
//!
//! The workers are counted from 0, so worker 2 is the third one. Run the program with
//! 2 workers, and then with 4, and compare with `sum-array`.
//! What happens to the other workers?

use anyhow::{Result, anyhow};
use common::{Array, Stopwatch};
use common::{args, bad_pointer, partial_sum, print_sum, split};
use std::thread;

fn main() -> Result<()> {
    let args = args::seg_fault();
    let array = Array::random(&args.array)?;
    let mut results = vec![0; args.num];

    let stopwatch = Stopwatch::start();
    // The scope ends after the work of its threads, so they may borrow `array` and `results`.
    thread::scope(|scope| {
        let mut workers = Vec::new();
        for (i, (part, result)) in split(&array, args.num).zip(&mut results).enumerate() {
            let worker = thread::Builder::new()
                .name(format!("worker {i}"))
                .spawn_scoped(scope, move || *result = work(i, part))
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

fn work(i: usize, part: &[i32]) -> i64 {
    let sum = partial_sum(part);
    if i == 2 {
        // SAFETY: none, the pointer is bad. BUG (on purpose): the worker faults here,
        // and never returns its sum.
        unsafe { bad_pointer::<i64>().write_volatile(sum) };
    }
    sum
}
