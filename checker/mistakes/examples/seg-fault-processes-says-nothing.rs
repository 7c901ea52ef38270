//! Verdict: wrong-output
//!
//! The parent takes the status of each child apart, and then does nothing with it.
//! It does not report that process 2 was killed.

use anyhow::{Result, anyhow};
use common::{
    Array, Children, SharedSlice, Stopwatch, WaitStatus, args, bad_pointer, exit_child, fork,
    partial_sum, print_sum, split, sum_of, waitpid,
};
use nix::unistd::ForkResult;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};

fn main() -> Result<()> {
    let args = args::seg_fault();
    let array = Array::random(&args.array)?;
    let results = SharedSlice::<AtomicI64>::zeroed(args.num)?;

    let stopwatch = Stopwatch::start();
    let mut workers = Children::new();
    for (i, (part, result)) in split(&array, args.num).zip(&results).enumerate() {
        match fork().map_err(|error| anyhow!("cannot start process {i}: {error}"))? {
            ForkResult::Child => {
                result.store(work(i, part), Relaxed);
                exit_child(0)
            }
            ForkResult::Parent { child } => workers.push(child),
        }
    }

    for &worker in workers.iter() {
        let status = waitpid(worker)?;
        let _how_it_ended = WaitStatus::from_raw(status);
    }

    print_sum(sum_of(&results), &stopwatch)
}

fn work(i: usize, part: &[i32]) -> i64 {
    let sum = partial_sum(part);
    if i == 2 {
        // SAFETY: none, the pointer is bad. BUG (on purpose): the process dies
        // here, and never writes its result.
        unsafe { bad_pointer::<i64>().write_volatile(sum) };
    }
    sum
}
