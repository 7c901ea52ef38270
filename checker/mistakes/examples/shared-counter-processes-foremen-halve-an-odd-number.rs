//! Verdict: wrong-output
//!
//! Two foremen start num / 2 workers each. An odd number of workers has a rest, which is lost:
//! with 3 workers only two add.

use anyhow::{Result, anyhow, ensure};
use common::{
    Children, SharedLock, SharedSlice, Stopwatch, WaitStatus, args, exit_child, fork,
    print_counter, set_process_name, waitpid,
};
use nix::unistd::ForkResult;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

fn main() -> Result<()> {
    let args = args::counter();
    let shared = SharedSlice::<AtomicU64>::zeroed(1)?;
    let counter = &shared[0];
    let lock = SharedLock::new()?;

    let stopwatch = Stopwatch::start();
    let mut foremen = Children::new();
    for f in 0..2 {
        match fork().map_err(|error| anyhow!("cannot start foreman {f}: {error}"))? {
            ForkResult::Parent { child } => foremen.push(child),
            ForkResult::Child => {
                set_process_name(&format!("foreman {f}"));
                let mut crew = Vec::new();
                for i in 0..args.num / 2 {
                    match fork() {
                        Ok(ForkResult::Parent { child }) => crew.push(child),
                        Ok(ForkResult::Child) => {
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
                        Err(_) => exit_child(1),
                    }
                }
                for worker in crew {
                    if !waitpid(worker).is_ok_and(|status| status == 0) {
                        exit_child(2);
                    }
                }
                exit_child(0)
            }
        }
    }
    for (f, &foreman) in foremen.iter().enumerate() {
        let status = waitpid(foreman)?;
        ensure!(status == 0, "foreman {f} {}", WaitStatus::from_raw(status));
    }

    print_counter(counter.load(Relaxed), &stopwatch)
}

/// Adds 1. Only one worker at a time may do that: the one that holds the lock.
fn add_with_lock(counter: &AtomicU64, lock: &SharedLock) {
    let _guard = lock.lock();
    let value = counter.load(Relaxed);
    counter.store(value + 1, Relaxed);
}

/// Adds 1 without a lock.
fn add_atomically(counter: &AtomicU64) {
    counter.fetch_add(1, Relaxed);
}
