//! Verdict: wrong-output
//!
//! Packs two numbers into one word: the counter in the low 20 bits, and above it how many workers
//! are done. Lock and atomic addition are right, but from 1,048,576 on the counter runs over into
//! the other number. 4 workers with 100,000 increments never get there, 11 do.

use anyhow::{Result, anyhow, ensure};
use common::{Children, SharedLock, SharedSlice, WaitStatus, exit_child, fork, waitpid};
use common::{Stopwatch, args, print_counter, set_process_name};
use nix::unistd::ForkResult;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

const COUNTER_BITS: u32 = 20;
const COUNTER_MASK: u32 = (1 << COUNTER_BITS) - 1;
const ONE_MORE_IS_DONE: u32 = 1 << COUNTER_BITS;

fn main() -> Result<()> {
    let args = args::counter();
    let shared = SharedSlice::<AtomicU32>::zeroed(1)?;
    let word = &shared[0];
    let lock = SharedLock::new()?;
    let add = |number| {
        if args.is_atomic {
            add_atomically(word, number);
        } else {
            add_with_lock(word, number, &lock);
        }
    };

    let stopwatch = Stopwatch::start();
    let mut workers = Children::new();
    for i in 0..args.num {
        match fork().map_err(|error| anyhow!("cannot start process {i}: {error}"))? {
            ForkResult::Child => {
                set_process_name(&format!("worker {i}"));
                for _ in 0..args.increments {
                    add(1);
                }
                add(ONE_MORE_IS_DONE);
                exit_child(0)
            }
            ForkResult::Parent { child } => workers.push(child),
        }
    }

    for (i, &worker) in workers.iter().enumerate() {
        let status = waitpid(worker)?;
        ensure!(status == 0, "process {i} {}", WaitStatus::from_raw(status));
    }

    let word = word.load(Relaxed);
    let done = usize::try_from(word >> COUNTER_BITS)?;
    ensure!(done >= args.num, "only {done} workers are done");
    print_counter(u64::from(word & COUNTER_MASK), &stopwatch)
}

/// Adds to the word. Only the worker that has the lock may be here.
fn add_with_lock(word: &AtomicU32, number: u32, lock: &SharedLock) {
    let _guard = lock.lock();
    let value = word.load(Relaxed);
    word.store(value.wrapping_add(number), Relaxed);
}

/// Adds to the word without a lock.
fn add_atomically(word: &AtomicU32, number: u32) {
    word.fetch_add(number, Relaxed);
}
