//! Verdict: crashed
//!
//! The worker takes the lock around its loop, and again for each addition.

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
                let _guard = lock.lock();
                for _ in 0..args.increments {
                    if args.is_atomic {
                        counter.fetch_add(1, Relaxed);
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

fn add_with_lock(counter: &AtomicU64, lock: &SharedLock) {
    let _guard = lock.lock();
    let value = counter.load(Relaxed);
    counter.store(value + 1, Relaxed);
}
