//! Verdict: wrong-output
//!
//! A lock that looks at a flag, and then sets it.

use anyhow::{Result, anyhow};
use common::{Stopwatch, args, print_counter};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::*};
use std::thread;

#[derive(Default)]
struct MyLock {
    is_taken: AtomicBool,
}

impl MyLock {
    fn acquire(&self) {
        while self.is_taken.load(Acquire) {
            thread::yield_now();
        }
        self.is_taken.store(true, Release);
    }

    fn release(&self) {
        self.is_taken.store(false, Release);
    }
}

fn main() -> Result<()> {
    let args = args::counter();
    let counter = AtomicU64::new(0);
    let lock = MyLock::default();

    let stopwatch = Stopwatch::start();
    thread::scope(|scope| {
        let mut workers = Vec::new();
        for i in 0..args.num {
            let worker = thread::Builder::new()
                .name(format!("worker {i}"))
                .spawn_scoped(scope, || {
                    for _ in 0..args.increments {
                        if args.is_atomic {
                            counter.fetch_add(1, Relaxed);
                        } else {
                            lock.acquire();
                            let value = counter.load(Relaxed);
                            counter.store(value + 1, Relaxed);
                            lock.release();
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
