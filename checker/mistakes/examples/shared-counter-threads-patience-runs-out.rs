//! Verdict: wrong-output
//! A spin lock with patience: `acquire` returns `None` after 200 tries. The caller binds the
//! `Option` as if it were the guard and adds in either case, so updates get lost under contention.

use anyhow::{Result, anyhow};
use common::{Stopwatch, args, print_counter};
use std::hint::spin_loop;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::*};
use std::thread;

/// How often a thread tries before it thinks of a deadlock.
#[derive(Clone, Copy)]
struct Patience(u32);

impl Default for Patience {
    fn default() -> Self {
        Self(200)
    }
}

/// A spin lock that never hangs.
#[derive(Default)]
struct PatientLock {
    is_taken: AtomicBool,
    patience: Patience,
}

#[must_use = "without a name, it unlocks at once"]
struct PatientGuard<'a>(&'a PatientLock);

impl PatientLock {
    fn acquire(&self) -> Option<PatientGuard<'_>> {
        for _ in 0..self.patience.0 {
            // Test first: a load leaves the cache line with its owner.
            if !self.is_taken.load(Relaxed) && !self.is_taken.swap(true, Acquire) {
                return Some(PatientGuard(self));
            }
            spin_loop();
        }
        None
    }
}

impl Drop for PatientGuard<'_> {
    fn drop(&mut self) {
        self.0.is_taken.store(false, Release);
    }
}

fn main() -> Result<()> {
    let args = args::counter();
    let counter = AtomicU64::new(0);
    let lock = PatientLock::default();

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

/// Adds 1. The guard unlocks at the end of the function.
fn add_with_lock(counter: &AtomicU64, lock: &PatientLock) {
    let _guard = lock.acquire();
    let value = counter.load(Relaxed);
    counter.store(value + 1, Relaxed);
}

fn add_atomically(counter: &AtomicU64) {
    counter.fetch_add(1, Relaxed);
}
