//! Verdict: passed
//!
//! The report is a table with commas, for a spreadsheet: one row for each process that did not
//! end well, below the names of the columns.

use anyhow::{Result, anyhow};
use common::wait_status::{WaitStatus, signal_name};
use common::{Array, Children, SharedSlice, Stopwatch};
use common::{args, bad_pointer, partial_sum, print_sum, split, sum_of};
use common::{exit_child, fork, report, set_process_name, waitpid};
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

    let mut header = Some("process,how it ended,number,name of the signal");
    for (i, &worker) in workers.iter().enumerate() {
        let row = match WaitStatus::from_raw(waitpid(worker)?) {
            WaitStatus::Exited { exit_status: 0 } => continue,
            WaitStatus::Exited { exit_status } => format!("{i},exited with status,{exit_status},"),
            WaitStatus::Signaled { signal, .. } => {
                format!("{i},killed by signal,{signal},{}", signal_name(signal))
            }
            other => format!("{i},{other},,"),
        };
        header.take().into_iter().for_each(report);
        report(row);
    }

    print_sum(sum_of(&results), &stopwatch)
}

fn work(i: usize, part: &[i32]) -> i64 {
    let sum = partial_sum(part);
    if i == 2 {
        // SAFETY: none, the pointer is bad. BUG (on purpose).
        unsafe { bad_pointer::<i64>().write_volatile(sum) };
    }
    sum
}
