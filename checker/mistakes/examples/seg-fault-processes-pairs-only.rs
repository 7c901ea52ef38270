//! Verdict: did-not-wait
//!
//! Waits for the workers two by two. `chunks_exact` leaves out the last one of an odd
//! number: with 3 workers, worker 2 is neither waited for nor reported.

use anyhow::{Result, anyhow};
use common::{Array, SharedSlice, Stopwatch};
use common::{Children, WaitStatus, exit_child, fork, report, set_process_name, sum_of, waitpid};
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

    for (pair, pids) in workers.chunks_exact(2).enumerate() {
        let (left, right) = (waitpid(pids[0])?, waitpid(pids[1])?);
        report_if_failed(2 * pair, left);
        report_if_failed(2 * pair + 1, right);
    }

    print_sum(sum_of(&results), &stopwatch)
}

fn report_if_failed(i: usize, status: i32) {
    match WaitStatus::from_raw(status) {
        WaitStatus::Exited { exit_status: 0 } => {}
        WaitStatus::Signaled { signal, .. } => {
            let name = common::wait_status::signal_name(signal);
            report(format_args!(
                "Process {i} was killed by signal {signal} ({name})"
            ));
        }
        other => report(format_args!("Process {i} {other}")),
    }
}

fn work(i: usize, part: &[i32]) -> i64 {
    let sum = partial_sum(part);
    if i == 2 {
        // SAFETY: none, the pointer is bad. BUG (on purpose).
        unsafe { bad_pointer::<i64>().write_volatile(sum) };
    }
    sum
}
