//! One counter, and processes that add to it.
//!
//! Each worker adds 1 to the counter, 100,000 times. It loads the value, adds 1, and stores
//! the sum. Between the load and the store, another worker may do the same.
//! The counter and the lock are in memory that parent and children share.
//!
//! ```console
//! $ cargo run -p shared-counter --bin processes -- 4
//! $ cargo run -p shared-counter --bin processes -- 4 --atomic
//! ```
//!
//! Run it several times: how far below 400,000 is the counter? Do TODO 1 and run it
//! again. Do TODO 2, run it with `--atomic`, and compare the times.

use anyhow::{Result, anyhow, ensure};
use common::{Children, exit_child, fork, set_process_name, waitpid};
use common::{SharedLock, SharedSlice, WaitStatus};
use common::{Stopwatch, args, print_counter};
use nix::unistd::ForkResult;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

fn main() -> Result<()> {
    let args = args::counter();
    let shared = SharedSlice::<AtomicU64>::zeroed(1)?;
    let counter = &shared[0];
    let lock = SharedLock::new()?;

    let stopwatch = Stopwatch::start();
    let mut workers = Children::new();
    for i in 0..args.num {
        match fork().map_err(|error| anyhow!("cannot start process {i}: {error}"))? {
            ForkResult::Child => {
                set_process_name(&format!("worker {i}"));
                for _ in 0..args.increments {
                    if args.is_atomic {
                        add_atomically(counter);
                    } else {
                        add_with_lock(counter, &lock);
                    }
                }
                exit_child(0)
            }
            ForkResult::Parent { child } => workers.push(child),
        }
    }

    for (i, &worker) in workers.iter().enumerate() {
        let status = waitpid(worker)?;
        ensure!(status == 0, "process {i} {}", WaitStatus::from_raw(status));
    }

    print_counter(counter.load(Relaxed), &stopwatch)
}

/// Adds 1. Only one worker at a time may do that: the one that holds the lock.
#[allow(unused_variables, reason = "TODO 1 will use the lock")]
fn add_with_lock(counter: &AtomicU64, lock: &SharedLock) {
    // TODO 1: Take the lock, and keep it until the new value is stored. Look at
    // `common::SharedLock::lock`: the guard that it returns unlocks at the end of its scope.
    // <solution>
    let _guard = lock.lock();
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
