//! Verdict: timed-out
//!
//! The last increment keeps the lock.

use anyhow::{Result, anyhow, ensure};
use common::{Children, exit_child, fork, set_process_name, waitpid};
use common::{SharedSlice, WaitStatus};
use common::{Stopwatch, args, print_counter};
use nix::unistd::ForkResult;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::*};
use std::thread::yield_now;

fn main() -> Result<()> {
    let args = args::counter();
    let shared = SharedSlice::<AtomicU64>::zeroed(1)?;
    let counter = &shared[0];
    let locks = SharedSlice::<AtomicBool>::zeroed(1)?;
    let lock = &locks[0];

    let stopwatch = Stopwatch::start();
    let mut workers = Children::new();
    for i in 0..args.num {
        match fork().map_err(|error| anyhow!("cannot start process {i}: {error}"))? {
            ForkResult::Child => {
                set_process_name(&format!("worker {i}"));
                for n in 1..=args.increments {
                    if args.is_atomic {
                        add_atomically(counter);
                    } else {
                        while lock.swap(true, Acquire) {
                            yield_now();
                        }
                        let value = counter.load(Relaxed);
                        counter.store(value + 1, Relaxed);
                        if n == args.increments {
                            // This worker is ready.
                            exit_child(0);
                        }
                        lock.store(false, Release);
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

fn add_atomically(counter: &AtomicU64) {
    counter.fetch_add(1, Relaxed);
}
