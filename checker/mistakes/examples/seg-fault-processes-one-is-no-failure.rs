//! Verdict: wrong-output
//!
//! "Status 1 means no, as with grep and diff; failures begin at 2." A worker that exits
//! with 1 is not reported.

use anyhow::{Result, anyhow};
use common::report;
use common::wait_status::{signal_name, wexitstatus, wifexited, wifsignaled, wtermsig};
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
        if wifsignaled(status) {
            let signal = wtermsig(status);
            let name = signal_name(signal);
            report(format_args!(
                "Process {i} was killed by signal {signal} ({name})"
            ));
        }
        // 0: yes, 1: no, more: trouble.
        if wifexited(status) && wexitstatus(status) > 1 {
            report(format_args!(
                "Process {i} exited with status {}",
                wexitstatus(status)
            ));
        }
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
