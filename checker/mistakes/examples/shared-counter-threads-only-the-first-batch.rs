//! Verdict: wrong-output
//!
//! Each worker adds its increments in batches of 1000, and forgets to begin the second batch.
//! With fewer increments this is right.

use anyhow::{Result, anyhow};
use common::{Stopwatch, args, print_counter};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::thread;

const BATCH: u64 = 1000;

fn main() -> Result<()> {
    let args = args::counter();
    let counter = AtomicU64::new(0);
    let lock = Mutex::new(());

    let stopwatch = Stopwatch::start();
    thread::scope(|scope| {
        let mut workers = Vec::new();
        for i in 0..args.num {
            let (counter, lock) = (&counter, &lock);
            let worker = thread::Builder::new()
                .spawn_scoped(scope, move || {
                    let mut batch = 0;
                    for _ in 0..args.increments {
                        batch += 1;
                        if batch == BATCH {
                            add(counter, lock, batch);
                        }
                    }
                    if batch < BATCH {
                        add(counter, lock, batch);
                    }
                })
                .map_err(|error| anyhow!("cannot start thread {i}: {error}"))?;
            workers.push(worker);
        }
        for worker in workers {
            worker.join().map_err(|_| anyhow!("a thread panicked"))?;
        }
        anyhow::Ok(())
    })?;

    print_counter(counter.load(Relaxed), &stopwatch)
}

fn add(counter: &AtomicU64, lock: &Mutex<()>, batch: u64) {
    let _guard = lock.lock();
    let value = counter.load(Relaxed);
    counter.store(value + batch, Relaxed);
}
