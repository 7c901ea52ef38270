//! The sum of an array, by processes.
//!
//! Each worker sums its part of the array, and writes the sum to its own slot of
//! `results`.
//! Each process has its own view of the memory. A child can read the array of its
//! parent, but the parent does not see what the child writes to its own view. So the
//! results are in memory that parent and children share.
//!
//! ```console
//! $ cargo run -p sum-array --bin processes -- 4
//! ```
//!
//! Run it with 1, 2, 4 and 8 workers, and compare the times. Then compare `threads.rs`
//! with `processes.rs`: what does a process need that a thread does not?

use anyhow::{Result, anyhow, ensure};
use common::{Array, SharedSlice, Stopwatch, WaitStatus};
use common::{Children, exit_child, fork, set_process_name, waitpid};
use common::{args, partial_sum, print_sum, repeat, split, sum_of};
use nix::unistd::ForkResult;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};

fn main() -> Result<()> {
    let args = args::sum();
    let array = Array::random(&args.array)?;
    let results = SharedSlice::<AtomicI64>::zeroed(args.num)?;

    let stopwatch = Stopwatch::start();
    let mut workers = Children::new();
    for (i, (part, result)) in split(&array, args.num).zip(&results).enumerate() {
        match fork().map_err(|error| anyhow!("cannot start process {i}: {error}"))? {
            ForkResult::Child => {
                set_process_name(&format!("worker {i}"));
                result.store(repeat(args.rounds, || partial_sum(part)), Relaxed);
                exit_child(0)
            }
            ForkResult::Parent { child } => workers.push(child),
        }
    }

    for (i, &worker) in workers.iter().enumerate() {
        let status = waitpid(worker)?;
        ensure!(status == 0, "process {i} {}", WaitStatus::from_raw(status));
    }

    // `Relaxed` is enough: after `waitpid`, the results of the child can be read.
    print_sum(sum_of(&results), &stopwatch)
}
