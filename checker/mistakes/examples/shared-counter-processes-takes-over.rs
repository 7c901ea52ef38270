//! Verdict: wrong-output
//!
//! After a second, a worker believes that the holder of the lock is dead, and goes in without it. A
//! holder that was only stopped for that long then stores an old value.

use anyhow::{Result, anyhow, ensure};
use common::{Children, exit_child, fork, set_process_name, waitpid};
use common::{SharedSlice, WaitStatus};
use common::{Stopwatch, args, print_counter};
use nix::unistd::ForkResult;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use std::thread;
use std::time::{Duration, Instant};

fn main() -> Result<()> {
    let args = args::counter();
    let shared = SharedSlice::<AtomicU64>::zeroed(9)?;
    let counter = &shared[0];
    let lock = &shared[8];

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
                        add_with_lock(counter, lock);
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

/// Adds 1. Only one worker at a time may do that: the one that has changed the lock to 1.
fn add_with_lock(counter: &AtomicU64, lock: &AtomicU64) {
    let try_lock = || lock.compare_exchange(0, 1, Acquire, Relaxed).is_ok();
    if !try_lock() {
        let start = Instant::now();
        while !try_lock() {
            if start.elapsed() > Duration::from_secs(1) {
                break;
            }
            thread::yield_now();
        }
    }
    let value = counter.load(Relaxed);
    counter.store(value + 1, Relaxed);
    lock.store(0, Release);
}

/// Adds 1 without a lock.
fn add_atomically(counter: &AtomicU64) {
    counter.fetch_add(1, Relaxed);
}
