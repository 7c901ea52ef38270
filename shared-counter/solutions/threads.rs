//! One counter, and threads that add to it.
//!
//! Each worker adds 1 to the counter, 100,000 times. It loads the value, adds 1, and stores
//! the sum. Between the load and the store, another worker may do the same.
//!
//! ```console
//! $ cargo run -p shared-counter --bin threads -- 4
//! $ cargo run -p shared-counter --bin threads -- 4 --atomic
//! ```
//!
//! Run it several times: how far below 400,000 is the counter? Do TODO 1 and run it
//! again. Do TODO 2, run it with `--atomic`, and compare the times.

use anyhow::{Result, anyhow};
use common::{Stopwatch, args, print_counter};
// <solution>
use std::sync::PoisonError;
// </solution>
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
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
        // `anyhow::Ok` sets the error type of this closure.
        anyhow::Ok(())
    })?;

    print_counter(counter.load(Relaxed), &stopwatch)
}

/// Adds 1. Only one worker at a time may do that: the one that holds the lock.
#[allow(unused_variables, reason = "TODO 1 will use the lock")]
fn add_with_lock(counter: &AtomicU64, lock: &Mutex<()>) {
    // TODO 1: Take the lock, and keep it until the new value is stored. Look at
    // `std::sync::Mutex::lock`: the guard that it returns unlocks at the end of its scope.
    // <solution>
    let _guard = lock.lock().unwrap_or_else(PoisonError::into_inner);
    // </solution>
    let value = counter.load(Relaxed);
    counter.store(value + 1, Relaxed);
}

/// Adds 1 without a lock.
#[allow(unused_variables, reason = "TODO 2 will use the counter")]
fn add_atomically(counter: &AtomicU64) {
    // TODO 2: Load, add and store in one step that no other worker can interrupt.
    // Look at the methods of `AtomicU64`.
    // <solution>
    counter.fetch_add(1, Relaxed);
    // </solution>
}
