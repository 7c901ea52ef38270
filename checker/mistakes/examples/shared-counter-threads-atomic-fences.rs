//! Verdict: wrong-output
//!
//! Fences in the place of an atomic operation.

use anyhow::{Result, anyhow};
use common::{Stopwatch, args, print_counter};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering, fence};
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

    print_counter(counter.load(Ordering::SeqCst), &stopwatch)
}

fn add_with_lock(counter: &AtomicU64, lock: &Mutex<()>) {
    let _guard = lock.lock().expect("not poisoned");
    let value = counter.load(Ordering::Relaxed);
    counter.store(value + 1, Ordering::Relaxed);
}

fn add_atomically(counter: &AtomicU64) {
    // The fences keep others out.
    fence(Ordering::SeqCst);
    let value = counter.load(Ordering::Acquire);
    counter.store(value + 1, Ordering::Release);
    fence(Ordering::SeqCst);
}
