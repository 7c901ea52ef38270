//! Verdict: passed
//!
//! A helper process writes the report: the parent sends it the wait statuses through a pipe, and
//! waits for it. If the helper is ill, the parent reports itself.

use anyhow::{Result, anyhow};
use common::wait_status::WaitStatus;
use common::{Array, Children, SharedSlice, Stopwatch};
use common::{args, bad_pointer, partial_sum, print_sum, split, sum_of};
use common::{exit_child, fork, report, set_process_name, waitpid};
use nix::unistd::ForkResult;
use std::io::{BufRead, BufReader, PipeReader, Write, pipe};
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

    let (inbox, mut outbox) = pipe().map_err(|error| anyhow!("no pipe: {error}"))?;
    let logger = match fork().map_err(|error| anyhow!("cannot start the logger: {error}"))? {
        ForkResult::Child => {
            set_process_name("logger");
            drop(outbox);
            exit_child(log_all(inbox))
        }
        ForkResult::Parent { child } => child,
    };
    drop(inbox);

    let mut statuses = Vec::new();
    for &worker in workers.iter() {
        statuses.push(waitpid(worker)?);
    }
    for (i, status) in statuses.iter().enumerate() {
        // Without the logger this fails; its wait status shows that below.
        let _ = writeln!(outbox, "{i} {status}");
    }
    drop(outbox);
    let end = waitpid(logger)?;
    if end != 0 {
        report(format!(
            "The logger {}. So once more:",
            WaitStatus::from_raw(end)
        ));
        statuses
            .iter()
            .enumerate()
            .for_each(|(i, &status)| log(i, status));
    }

    print_sum(sum_of(&results), &stopwatch)
}

fn log_all(inbox: PipeReader) -> i32 {
    for line in BufReader::new(inbox).lines() {
        let line = line.unwrap_or_default();
        let numbers = line
            .split_once(' ')
            .map(|(i, status)| (i.parse(), status.parse()));
        let Some((Ok(i), Ok(status))) = numbers else {
            return 1;
        };
        log(i, status);
    }
    0
}

fn log(i: usize, status: i32) {
    if status != 0 {
        report(format!(
            "logger: process #{i} {}",
            WaitStatus::from_raw(status)
        ));
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
