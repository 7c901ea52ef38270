//! Verdict: wrong-output
//!
//! Each worker has a lock of its own.

use anyhow::{Result, anyhow};
use common::{Stopwatch, args, print_counter};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::thread;

fn main() -> Result<()> {
    let args = args::counter();
    let counter = Arc::new(AtomicU64::new(0));

    let stopwatch = Stopwatch::start();
    let mut workers = Vec::new();
    for i in 0..args.num {
        let counter = Arc::clone(&counter);
        // The closure must own its lock.
        let lock = Arc::new(Mutex::new(()));
        let worker = thread::Builder::new()
            .name(format!("worker {i}"))
            .spawn(move || {
                for _ in 0..args.increments {
                    if args.is_atomic {
                        counter.fetch_add(1, Relaxed);
                    } else {
                        let guard = lock.lock().expect("not poisoned");
                        let value = counter.load(Relaxed);
                        counter.store(value + 1, Relaxed);
                        drop(guard);
                    }
                }
            })
            .map_err(|error| anyhow!("cannot start thread {i}: {error}"))?;
        workers.push(worker);
    }
    for (i, worker) in workers.into_iter().enumerate() {
        worker.join().map_err(|_| anyhow!("thread {i} panicked"))?;
    }

    print_counter(counter.load(Relaxed), &stopwatch)
}
