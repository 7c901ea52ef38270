//! Verdict: no-worker
//!
//! The program joins each thread before it starts the next one, so it needs no lock.

use anyhow::{Result, anyhow};
use common::{Stopwatch, args, print_counter};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::thread;

fn main() -> Result<()> {
    let args = args::counter();
    let counter = AtomicU64::new(0);

    let stopwatch = Stopwatch::start();
    thread::scope(|scope| {
        for i in 0..args.num {
            let worker = thread::Builder::new()
                .name(format!("worker {i}"))
                .spawn_scoped(scope, || add(&counter, args.increments, args.is_atomic))
                .map_err(|error| anyhow!("cannot start thread {i}: {error}"))?;
            worker.join().map_err(|_| anyhow!("thread {i} panicked"))?;
        }
        anyhow::Ok(())
    })?;

    print_counter(counter.load(Relaxed), &stopwatch)
}

fn add(counter: &AtomicU64, increments: u32, is_atomic: bool) {
    for _ in 0..increments {
        if is_atomic {
            counter.fetch_add(1, Relaxed);
        } else {
            let value = counter.load(Relaxed);
            counter.store(value + 1, Relaxed);
        }
    }
}
