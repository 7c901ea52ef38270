//! Verdict: crashed
//!
//! Keeps the wait statuses in an array of fixed size, as in C. The reports are right for up to
//! 64 workers. With more workers, the parent panics: index out of bounds.

use anyhow::{Result, anyhow};
use common::wait_status::{signal_name, wexitstatus, wifexited, wifsignaled, wtermsig};
use common::{Array, SharedSlice, Stopwatch, report};
use common::{Children, exit_child, fork, set_process_name, waitpid};
use common::{args, bad_pointer, partial_sum, print_sum, split, sum_of};
use nix::unistd::ForkResult;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};

const MAX_WORKERS: usize = 64;

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

    // First collect all, then report. 0 means that all is well.
    let mut statuses = [0; MAX_WORKERS];
    for (i, &worker) in workers.iter().enumerate() {
        statuses[i] = waitpid(worker)?;
    }

    for (i, &status) in statuses.iter().enumerate() {
        if wifsignaled(status) {
            let signal = wtermsig(status);
            report(format!(
                "Process {i} was killed by signal {signal} ({})",
                signal_name(signal)
            ));
        }
        if wifexited(status) && wexitstatus(status) != 0 {
            report(format!(
                "Process {i} exited with status {}",
                wexitstatus(status)
            ));
        }
    }

    // `Relaxed` was enough: `waitpid` has returned, so each child has ended.
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
