//! Verdict: passed
//!
//! Starting a thread takes long, as on a busy machine. A thread that ran at once would end
//! the process before the last one is there.

use anyhow::{Result, anyhow};
use common::{Array, Stopwatch, args, bad_pointer, partial_sum, print_sum, split};
use std::thread;
use std::time::Duration;

fn main() -> Result<()> {
    let args = args::seg_fault();
    let array = Array::random(&args.array)?;
    let mut results = vec![0; args.num];

    let stopwatch = Stopwatch::start();
    thread::scope(|scope| {
        let mut workers = Vec::new();
        for (i, (part, result)) in split(&array, args.num).zip(&mut results).enumerate() {
            thread::sleep(Duration::from_millis(50));
            let worker = thread::Builder::new()
                .spawn_scoped(scope, move || *result = work(i, part))
                .map_err(|error| anyhow!("cannot start thread {i}: {error}"))?;
            workers.push(worker);
        }

        for (i, worker) in workers.into_iter().enumerate() {
            worker.join().map_err(|_| anyhow!("thread {i} panicked"))?;
        }
        anyhow::Ok(())
    })?;

    print_sum(results.iter().sum(), &stopwatch)
}

fn work(i: usize, part: &[i32]) -> i64 {
    let sum = partial_sum(part);
    if i == 2 {
        // SAFETY: none, the pointer is bad. BUG (on purpose): the thread dies
        // here, and never writes its result.
        unsafe { bad_pointer::<i64>().write_volatile(sum) };
    }
    sum
}
