//! Verdict: passed
//!
//! Waits for any child, and reports all failures at the end as CSV, sorted by signal. The number of
//! the process stands in the last column.

use anyhow::{Result, anyhow};
use common::wait_status::{signal_name, wexitstatus, wifsignaled, wtermsig};
use common::{Array, SharedSlice, Stopwatch};
use common::{Children, exit_child, fork, report, set_process_name};
use common::{args, bad_pointer, partial_sum, print_sum, split, sum_of};
use nix::unistd::ForkResult;
use std::collections::HashMap;
use std::io;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};

/// Waits until any child has ended: its process id and its wait status.
fn wait_for_any() -> Result<(i32, i32)> {
    let mut status = 0;
    loop {
        // SAFETY: the kernel writes to `status`.
        match unsafe { libc::waitpid(-1, &raw mut status, 0) } {
            -1 => {
                let error = io::Error::last_os_error();
                if error.kind() != io::ErrorKind::Interrupted {
                    return Err(anyhow!("cannot wait: {error}"));
                }
            }
            pid => return Ok((pid, status)),
        }
    }
}

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

    let numbers: HashMap<i32, usize> = workers
        .iter()
        .enumerate()
        .map(|(i, pid)| (pid.as_raw(), i))
        .collect();
    let mut failures = Vec::new();
    for _ in 0..workers.len() {
        let (pid, status) = wait_for_any()?;
        let i = numbers
            .get(&pid)
            .ok_or_else(|| anyhow!("an unknown child {pid}"))?;
        if wifsignaled(status) {
            failures.push((wtermsig(status), *i, 0));
        } else if wexitstatus(status) != 0 {
            failures.push((0, *i, wexitstatus(status)));
        }
    }
    failures.sort_unstable();
    if !failures.is_empty() {
        report("end,number,name,process");
    }
    for (signal, i, exit_status) in failures {
        if signal == 0 {
            report(format!("exit,{exit_status},,{i}"));
        } else {
            report(format!("signal,{signal},{},{i}", signal_name(signal)));
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
