//! Verdict: no-worker
//!
//! The program waits for each child before it starts the next one, so it needs no lock.

use anyhow::{Result, anyhow, ensure};
use common::{SharedSlice, WaitStatus};
use common::{Stopwatch, args, print_counter};
use common::{exit_child, fork, waitpid};
use nix::unistd::ForkResult;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

fn main() -> Result<()> {
    let args = args::counter();
    let shared = SharedSlice::<AtomicU64>::zeroed(1)?;
    let counter = &shared[0];

    let stopwatch = Stopwatch::start();
    for i in 0..args.num {
        match fork().map_err(|error| anyhow!("cannot start process {i}: {error}"))? {
            ForkResult::Child => {
                for _ in 0..args.increments {
                    add(counter);
                }
                exit_child(0)
            }
            ForkResult::Parent { child } => {
                let status = waitpid(child)?;
                ensure!(status == 0, "process {i} {}", WaitStatus::from_raw(status));
            }
        }
    }

    print_counter(counter.load(Relaxed), &stopwatch)
}

fn add(counter: &AtomicU64) {
    let value = counter.load(Relaxed);
    counter.store(value + 1, Relaxed);
}
