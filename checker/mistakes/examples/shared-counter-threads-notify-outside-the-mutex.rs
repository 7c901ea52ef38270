//! Verdict: timed-out
//!
//! The lock is set free, and its condition is notified, without the mutex. If that is after a
//! worker has found it busy and before the worker sleeps, no task wakes the worker.

use anyhow::{Result, anyhow};
use common::{Stopwatch, args, print_counter};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed, Ordering::SeqCst};
use std::sync::{Condvar, Mutex};
use std::thread;

fn main() -> Result<()> {
    let args = args::counter();
    let counter = &AtomicU64::new(0);
    let lock = &Lock {
        busy: AtomicBool::new(false),
        waiting: Mutex::new(()),
        free: Condvar::new(),
    };

    let stopwatch = Stopwatch::start();
    thread::scope(|scope| {
        let mut workers = Vec::new();
        for i in 0..args.num {
            let is_atomic = args.is_atomic;
            let increments = args.increments;
            let worker = thread::Builder::new()
                .name(format!("worker {i}"))
                .spawn_scoped(scope, move || {
                    for _ in 0..increments {
                        if is_atomic {
                            add_atomically(counter);
                        } else {
                            add_with_lock(counter, lock);
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

/// A lock of our own: a worker waits until it is free.
struct Lock {
    busy: AtomicBool,
    waiting: Mutex<()>,
    free: Condvar,
}

impl Lock {
    fn acquire(&self) {
        let mut waiting = self.waiting.lock().expect("no thread panics");
        while self.busy.swap(true, SeqCst) {
            waiting = self.free.wait(waiting).expect("no thread panics");
        }
    }

    fn release(&self) {
        self.busy.store(false, SeqCst);
        self.free.notify_one();
    }
}

/// Adds 1. Only one worker at a time may do that: the one that holds the lock.
fn add_with_lock(counter: &AtomicU64, lock: &Lock) {
    lock.acquire();
    let value = counter.load(Relaxed);
    counter.store(value + 1, Relaxed);
    lock.release();
}

/// Adds 1 without a lock.
fn add_atomically(counter: &AtomicU64) {
    counter.fetch_add(1, Relaxed);
}
