//! Verdict: wrong-output
//!
//! The number is right, but no word says whether it is a signal or an exit status.

use anyhow::{Result, anyhow};
use common::report;
use common::wait_status::{wexitstatus, wifsignaled, wtermsig};
use common::{Array, SharedSlice, Stopwatch};
use common::{Children, exit_child, fork, set_process_name, waitpid};
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

    for (i, &worker) in workers.iter().enumerate() {
        let status = waitpid(worker)?;
        let end = if wifsignaled(status) {
            wtermsig(status)
        } else {
            wexitstatus(status)
        };
        if end != 0 {
            report(format!("worker {i}: {end}"));
        }
    }

    // `Relaxed` is enough: after `waitpid`, the results of the child can be read.
    print_sum(sum_of(&results), &stopwatch)
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
