//! Verdict: did-not-wait
//!
//! It prints before it joins the workers.

use anyhow::{Result, anyhow};
use common::{Stopwatch, args, print_counter};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::thread;

fn main() -> Result<()> {
    let args = args::counter();
    let counter = Arc::new(AtomicU64::new(0));
    let lock = Arc::new(Mutex::new(()));

    let stopwatch = Stopwatch::start();
    let mut workers = Vec::new();
    for i in 0..args.num {
        let counter = counter.clone();
        let lock = lock.clone();
        let worker = thread::Builder::new()
            .name(format!("worker {i}"))
            .spawn(move || {
                for _ in 0..args.increments {
                    if args.is_atomic {
                        counter.fetch_add(1, Relaxed);
                    } else {
                        let _guard = lock.lock().expect("not poisoned");
                        let value = counter.load(Relaxed);
                        counter.store(value + 1, Relaxed);
                    }
                }
            })
            .map_err(|error| anyhow!("cannot start thread {i}: {error}"))?;
        workers.push(worker);
    }

    {
        // The lock makes sure that no thread is adding now.
        let _guard = lock.lock().map_err(|_| anyhow!("poisoned"))?;
        print_counter(counter.load(Relaxed), &stopwatch)?;
    }
    for (i, worker) in workers.into_iter().enumerate() {
        worker.join().map_err(|_| anyhow!("thread {i} panicked"))?;
    }
    Ok(())
}
