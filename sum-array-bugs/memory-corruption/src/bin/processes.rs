//! Memory corruption, with processes.
//!
//! Workers sum the parts of an array of numbers from 1 to 100. With a second argument,
//! one more worker, the corruptor, overwrites the whole array with -1000 at the same time.
//!
//! ```console
//! $ cargo run -p memory-corruption --bin processes -- 4
//! $ cargo run -p memory-corruption --bin processes -- 4 corrupt
//! ```
//!
//! Why are both sums the same? Which memory does the corruptor write to?

use anyhow::{Result, anyhow, ensure};
use common::pace::sum_slowly;
use common::{AtomicArray, SharedSlice, Stopwatch, WaitStatus};
use common::{Children, exit_child, fork, set_process_name, waitpid};
use common::{args, print_sum, split, sum_of};
use nix::unistd::ForkResult;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};

fn main() -> Result<()> {
    let args = args::corruption();
    let array = AtomicArray::random(&args.array)?;
    let results = SharedSlice::<AtomicI64>::zeroed(args.num)?;

    let stopwatch = Stopwatch::start();
    let mut workers = Children::new();
    for (i, (part, result)) in split(&array, args.num).zip(&results).enumerate() {
        match fork().map_err(|error| anyhow!("cannot start process {i}: {error}"))? {
            ForkResult::Child => {
                set_process_name(&format!("worker {i}"));
                result.store(sum_slowly(part), Relaxed);
                exit_child(0)
            }
            ForkResult::Parent { child } => workers.push(child),
        }
    }
    if args.do_corruption {
        match fork().map_err(|error| anyhow!("cannot start the corruptor: {error}"))? {
            ForkResult::Child => {
                set_process_name("corruptor");
                // BUG (on purpose): this worker must not write to the array.
                array.iter().for_each(|number| number.store(-1000, Relaxed));
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
