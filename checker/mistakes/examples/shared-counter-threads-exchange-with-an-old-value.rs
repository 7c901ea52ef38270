//! Verdict: timed-out
//!
//! Its loop exchanges the value that it loaded before. Once another worker has added 1, that never
//! succeeds.

use anyhow::{Result, anyhow};
use common::{Stopwatch, args, print_counter};
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::thread;

fn main() -> Result<()> {
    let args = args::counter();
    let counter = AtomicU64::new(0);
    let lock = Mutex::new(());

    let stopwatch = Stopwatch::start();
    thread::scope(|scope| {
        let mut workers = Vec::new();
        for i in 0..args.num {
            let worker = thread::Builder::new()
                .name(format!("worker {i}"))
                .spawn_scoped(scope, || {
                    for _ in 0..args.increments {
                        if args.is_atomic {
                            add_atomically(&counter);
                        } else {
                            add_with_lock(&counter, &lock);
                        }
                    }
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

    print_counter(counter.load(Relaxed), &stopwatch)
}

fn add_with_lock(counter: &AtomicU64, lock: &Mutex<()>) {
    let _guard = lock.lock().unwrap_or_else(PoisonError::into_inner);
    let value = counter.load(Relaxed);
    counter.store(value + 1, Relaxed);
}

fn add_atomically(counter: &AtomicU64) {
    let value = counter.load(Relaxed);
    while counter
        .compare_exchange(value, value + 1, Relaxed, Relaxed)
        .is_err()
    {}
}
