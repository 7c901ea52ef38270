//! Verdict: wrong-output
//!
//! Waits for the children as they end, and reports each with its right number. But at the
//! n-th end it adds result n, even if another worker has ended. If a later worker ends first,
//! it adds a result that is not there yet.

use anyhow::Context;
use anyhow::{Result, anyhow};
use common::{Array, SharedSlice, Stopwatch};
use common::{Children, WaitStatus, exit_child, fork, report, set_process_name};
use common::{args, bad_pointer, partial_sum, print_sum, split};
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

    let mut sum = 0;
    for result in results.iter() {
        let (pid, status) = wait_for_one()?;
        let i = workers.iter().position(|worker| worker.as_raw() == pid);
        let i = i.context("a child that I do not know")?;
        match WaitStatus::from_raw(status) {
            WaitStatus::Signaled { signal, .. } => {
                let name = common::wait_status::signal_name(signal);
                report(format_args!(
                    "Process {i} was killed by signal {signal} ({name})"
                ));
            }
            WaitStatus::Exited { exit_status } if exit_status != 0 => {
                report(format_args!("Process {i} exited with status {exit_status}"));
            }
            _ => {}
        }
        // One more result is complete.
        sum += result.load(Relaxed);
    }
    print_sum(sum, &stopwatch)
}

/// The next child that ends, and its wait status.
fn wait_for_one() -> Result<(i32, i32)> {
    let mut status = 0;
    // SAFETY: the kernel writes to `status`.
    let pid = unsafe { libc::wait(&raw mut status) };
    anyhow::ensure!(pid > 0, "no child is left");
    Ok((pid, status))
}

fn work(i: usize, part: &[i32]) -> i64 {
    let sum = partial_sum(part);
    if i == 2 {
        // SAFETY: none, the pointer is bad. BUG (on purpose).
        unsafe { bad_pointer::<i64>().write_volatile(sum) };
    }
    sum
}
