//! Verdict: wrong-output
//!
//! Waits for any child, and reports its place in the order of the ends as its number.

use anyhow::{Result, anyhow, ensure};
use common::WaitStatus;
use common::{Array, SharedSlice, Stopwatch};
use common::{Children, exit_child, fork, set_process_name};
use common::{args, bad_pointer, partial_sum, print_sum, report, split, sum_of};
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

    // Report them as soon as they end: a child must not be a zombie for long.
    for i in 0..workers.len() {
        let mut status = 0;
        // SAFETY: the kernel writes to `status`.
        let pid = unsafe { libc::waitpid(-1, &raw mut status, 0) };
        ensure!(pid > 0, "cannot wait for process {i}");
        if status != 0 {
            report(format!("Process {i} {}", WaitStatus::from_raw(status)));
        }
    }

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
