//! Verdict: timed-out
//!
//! Two locks are taken in two orders.

use anyhow::{Result, anyhow};
use common::{Stopwatch, args, print_counter};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::thread;

fn main() -> Result<()> {
    let args = args::counter();
    let counter = AtomicU64::new(0);
    let load_lock = Mutex::new(());
    let store_lock = Mutex::new(());

    let stopwatch = Stopwatch::start();
    thread::scope(|scope| {
        let mut workers = Vec::new();
        for i in 0..args.num {
            let (counter, load_lock, store_lock) = (&counter, &load_lock, &store_lock);
            let work = move || {
                // So that not all of them stand in the same queue.
                let (first, second) = if i % 2 == 0 {
                    (load_lock, store_lock)
                } else {
                    (store_lock, load_lock)
                };
                for _ in 0..args.increments {
                    if args.is_atomic {
                        counter.fetch_add(1, Relaxed);
                    } else {
                        let _first = first.lock().expect("not poisoned");
                        let _second = second.lock().expect("not poisoned");
                        let value = counter.load(Relaxed);
                        counter.store(value + 1, Relaxed);
                    }
                }
            };
            let worker = thread::Builder::new()
                .name(format!("worker {i}"))
                .spawn_scoped(scope, work)
                .map_err(|error| anyhow!("cannot start thread {i}: {error}"))?;
            workers.push(worker);
        }
        for (i, worker) in workers.into_iter().enumerate() {
            worker.join().map_err(|_| anyhow!("thread {i} panicked"))?;
        }
        anyhow::Ok(())
    })?;

    print_counter(counter.load(Relaxed), &stopwatch)
}
