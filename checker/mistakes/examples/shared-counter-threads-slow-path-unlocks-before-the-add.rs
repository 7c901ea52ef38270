//! Verdict: wrong-output
//!
//! A fast path (try_lock) holds the lock during the addition. The slow path, taken on contention,
//! waits for the lock in order to measure the wait, but its guard ends with the block, before the
//! addition.

use anyhow::{Result, anyhow};
use common::{Stopwatch, args, print_counter, report};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Instant;

/// How often threads met.
#[derive(Default)]
struct Contention {
    fast: AtomicU64,
    slow: AtomicU64,
    nanos: AtomicU64,
}

impl Contention {
    fn show(&self) {
        let [fast, slow, nanos] = [&self.fast, &self.slow, &self.nanos].map(|n| n.load(Relaxed));
        let average = nanos.checked_div(slow).unwrap_or(0);
        report(format_args!(
            "fast path {fast}, slow path {slow}, average wait {average} ns"
        ));
    }
}

fn main() -> Result<()> {
    let args = args::counter();
    let counter = AtomicU64::new(0);
    let lock = Mutex::new(());
    let contention = Contention::default();

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
                            add_with_lock(&counter, &lock, &contention);
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

    if !args.is_atomic {
        contention.show();
    }
    print_counter(counter.load(Relaxed), &stopwatch)
}

/// Adds 1. Only one worker at a time may do that: the one that holds the lock.
fn add_with_lock(counter: &AtomicU64, lock: &Mutex<()>, contention: &Contention) {
    if let Ok(_guard) = lock.try_lock() {
        contention.fast.fetch_add(1, Relaxed);
        increment(counter);
    } else {
        {
            let start = Instant::now();
            let _guard = lock.lock().unwrap_or_else(PoisonError::into_inner);
            let nanos = u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX);
            contention.slow.fetch_add(1, Relaxed);
            contention.nanos.fetch_add(nanos, Relaxed);
        }
        increment(counter);
    }
}

fn increment(counter: &AtomicU64) {
    let value = counter.load(Relaxed);
    counter.store(value + 1, Relaxed);
}

/// Adds 1 without a lock.
fn add_atomically(counter: &AtomicU64) {
    counter.fetch_add(1, Relaxed);
}
