//! Verdict: passed
//!
//! Each worker has a monitor: the parent forks the monitors, a monitor forks its worker, waits for
//! it, and leaves the wait status in shared memory. The parent waits for the monitors and reports.

use anyhow::{Result, anyhow};
use common::{Array, SharedSlice, Stopwatch, WaitStatus, report};
use common::{Children, exit_child, fork, set_process_name, waitpid};
use common::{args, bad_pointer, partial_sum, print_sum, split, sum_of};
use nix::unistd::ForkResult;
use std::sync::atomic::{AtomicI32, AtomicI64, Ordering::SeqCst};

fn main() -> Result<()> {
    let args = args::seg_fault();
    let array = Array::random(&args.array)?;
    let results = SharedSlice::<AtomicI64>::zeroed(args.num)?;
    let statuses = SharedSlice::<AtomicI32>::zeroed(args.num)?;

    let stopwatch = Stopwatch::start();
    let mut monitors = Children::new();
    for (i, part) in split(&array, args.num).enumerate() {
        match fork().map_err(|error| anyhow!("cannot start monitor {i}: {error}"))? {
            ForkResult::Child => {
                set_process_name(&format!("monitor {i}"));
                match monitor(i, part, &results[i]) {
                    Ok(status) => statuses[i].store(status, SeqCst),
                    Err(error) => {
                        report(format!("monitor {i}: {error}"));
                        exit_child(1);
                    }
                }
                exit_child(0)
            }
            ForkResult::Parent { child } => monitors.push(child),
        }
    }

    for (i, &child) in monitors.iter().enumerate() {
        let of_monitor = waitpid(child)?;
        let of_worker = statuses[i].load(SeqCst);
        if of_monitor != 0 {
            let how = WaitStatus::from_raw(of_monitor);
            report(format!("Process {i} is lost, because its monitor {how}"));
        } else if of_worker != 0 {
            let how = WaitStatus::from_raw(of_worker);
            report(format!("The monitor of process {i} says that it {how}"));
        }
    }

    print_sum(sum_of(&results), &stopwatch)
}

/// Runs the worker in a process of its own, and returns its wait status.
fn monitor(i: usize, part: &[i32], result: &AtomicI64) -> Result<i32> {
    match fork()? {
        ForkResult::Child => {
            set_process_name(&format!("worker {i}"));
            result.store(work(i, part), SeqCst);
            exit_child(0)
        }
        ForkResult::Parent { child } => Ok(waitpid(child)?),
    }
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
