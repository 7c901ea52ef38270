//! Verdict: wrong-output
//!
//! After a thousand failed calls of `try_lock` it adds without the lock.

use anyhow::{Result, anyhow};
use common::{Stopwatch, args, print_counter};
use std::hint::spin_loop;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard};
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
        anyhow::Ok(())
    })?;

    print_counter(counter.load(Relaxed), &stopwatch)
}

fn add_with_lock(counter: &AtomicU64, lock: &Mutex<()>) {
    let _guard = spin_for(lock);
    let value = counter.load(Relaxed);
    counter.store(value + 1, Relaxed);
}

/// The lock is held for a few nanoseconds, so spinning is cheaper than sleeping.
fn spin_for(lock: &Mutex<()>) -> Option<MutexGuard<'_, ()>> {
    const SPINS: usize = 1000;
    for _ in 0..SPINS {
        if let Ok(guard) = lock.try_lock() {
            return Some(guard);
        }
        spin_loop();
    }
    lock.try_lock().ok()
}

fn add_atomically(counter: &AtomicU64) {
    counter.fetch_add(1, Relaxed);
}
