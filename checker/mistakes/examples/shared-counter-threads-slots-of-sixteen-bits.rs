//! Verdict: wrong-output
//!
//! Both modes: each worker counts in its own slot, and main sums the slots after the joins, but a
//! slot is an AtomicU16 "to save memory". It wraps at 65,536, and each worker adds 100,000.

use anyhow::{Result, anyhow};
use common::{Stopwatch, args, print_counter};
use std::sync::atomic::{AtomicU16, Ordering::Relaxed};
use std::thread;

fn main() -> Result<()> {
    let args = args::counter();
    let slots: Vec<AtomicU16> = (0..args.num).map(|_| AtomicU16::new(0)).collect();

    let stopwatch = Stopwatch::start();
    thread::scope(|scope| {
        let mut workers = Vec::new();
        for (i, slot) in slots.iter().enumerate() {
            let worker = thread::Builder::new()
                .name(format!("worker {i}"))
                .spawn_scoped(scope, move || {
                    for _ in 0..args.increments {
                        add(slot);
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

    let sum = slots.iter().map(|slot| u64::from(slot.load(Relaxed))).sum();
    print_counter(sum, &stopwatch)
}

fn add(slot: &AtomicU16) {
    slot.fetch_add(1, Relaxed);
}
