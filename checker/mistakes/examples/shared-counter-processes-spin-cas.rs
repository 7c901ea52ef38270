//! Verdict: passed
//!
//! A spin lock (never yields) made of an AtomicBool in shared memory; compare_exchange for --atomic.

use anyhow::{Result, anyhow, ensure};
use common::{Children, exit_child, fork, set_process_name, waitpid};
use common::{SharedSlice, WaitStatus};
use common::{Stopwatch, args, print_counter};
use nix::unistd::ForkResult;
use std::hint::spin_loop;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::*};

fn main() -> Result<()> {
    let args = args::counter();
    let shared = SharedSlice::<AtomicU64>::zeroed(1)?;
    let counter = &shared[0];
    let flags = SharedSlice::<AtomicBool>::zeroed(1)?;
    let lock = &flags[0];

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

fn add_with_lock(counter: &AtomicU64, lock: &AtomicBool) {
    while lock
        .compare_exchange_weak(false, true, Acquire, Relaxed)
        .is_err()
    {
        spin_loop();
    }
    let value = counter.load(Relaxed);
    counter.store(value + 1, Relaxed);
    lock.store(false, Release);
}

fn add_atomically(counter: &AtomicU64) {
    loop {
        let old = counter.load(SeqCst);
        let new = old + 1;
        if counter.compare_exchange(old, new, SeqCst, SeqCst) == Ok(old) {
            break;
        }
    }
}
