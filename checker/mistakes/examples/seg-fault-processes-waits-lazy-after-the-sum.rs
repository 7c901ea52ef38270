//! Verdict: did-not-wait
//!
//! The map is lazy: `waitpid` runs only in the loop of the report, after the sum.

use anyhow::{Result, anyhow};
use common::WaitStatus;
use common::{Array, SharedSlice, Stopwatch};
use common::{Children, exit_child, fork, report, set_process_name, waitpid};
use common::{args, bad_pointer, partial_sum, print_sum, split, sum_of};
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
                set_process_name(&format!("worker {i}"));
                result.store(work(i, part), Relaxed);
                exit_child(0)
            }
            ForkResult::Parent { child } => workers.push(child),
        }
    }

    let ends = workers.iter().map(|&worker| waitpid(worker));
    let sum = sum_of(&results);
    for (i, status) in ends.enumerate() {
        let status = status?;
        if status != 0 {
            report(format!("Process {i} {}", WaitStatus::from_raw(status)));
        }
    }

    print_sum(sum, &stopwatch)
}

fn work(i: usize, part: &[i32]) -> i64 {
    let sum = partial_sum(part);
    if i == 2 {
        // SAFETY: none, the pointer is bad. BUG (on purpose): the worker faults here,
        // and never returns its sum.
        unsafe { bad_pointer::<i64>().write_volatile(sum) };
    }
    sum
}
