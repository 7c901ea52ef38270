//! Verdict: passed
//!
//! Puts the wait status into a std::process::ExitStatus, and lets its Display do the rest:
//! "worker 2 ended badly: signal: 11 (SIGSEGV)", "worker 2 ended badly: exit status: 3".

use anyhow::{Context, Result};
use common::{Array, SharedSlice, Stopwatch};
use common::{Children, exit_child, fork, set_process_name, waitpid};
use common::{args, bad_pointer, partial_sum, print_sum, split, sum_of};
use nix::unistd::ForkResult;
use std::io::{Write, stderr};
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};

fn main() -> Result<()> {
    let args = args::seg_fault();
    let array = Array::random(&args.array)?;
    let results = SharedSlice::<AtomicI64>::zeroed(args.num)?;

    let stopwatch = Stopwatch::start();
    let mut workers = Children::new();
    for (i, (part, result)) in split(&array, args.num).zip(&results).enumerate() {
        match fork().with_context(|| format!("cannot start process {i}"))? {
            ForkResult::Child => {
                set_process_name(&format!("worker {i}"));
                result.store(work(i, part), Relaxed);
                exit_child(0)
            }
            ForkResult::Parent { child } => workers.push(child),
        }
    }

    workers
        .iter()
        .map(|&worker| waitpid(worker).map(ExitStatus::from_raw))
        .enumerate()
        .try_for_each(|(i, status)| -> Result<()> {
            let status = status?;
            if !status.success() {
                writeln!(stderr(), "worker {i} ended badly: {status}")?;
            }
            Ok(())
        })?;

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
