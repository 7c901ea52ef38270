//! Verdict: passed
//!
//! Structured logging, as at work: each event is a line of key=value on standard error. Starts
//! and good ends are logged too (level=info), with pids; the bad ends are errors and warnings.

use anyhow::{Result, anyhow};
use common::wait_status::{signal_name, wcoredump, wexitstatus, wifsignaled, wtermsig};
use common::{Array, SharedSlice, Stopwatch, report};
use common::{Children, exit_child, fork, set_process_name, waitpid};
use common::{args, bad_pointer, partial_sum, print_sum, split, sum_of};
use nix::unistd::ForkResult;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};

macro_rules! log {
    ($level:literal, $msg:literal $(, $key:ident = $value:expr)* $(,)?) => {{
        let mut line = format!(concat!("level=", $level, " msg=\"", $msg, "\""));
        $(line += &format!(concat!(" ", stringify!($key), "={}"), $value);)*
        report(line);
    }};
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
            ForkResult::Parent { child } => {
                log!(
                    "info",
                    "worker started",
                    worker = i,
                    pid = child,
                    len = part.len()
                );
                workers.push(child);
            }
        }
    }

    for (i, &pid) in workers.iter().enumerate() {
        let status = waitpid(pid)?;
        if wifsignaled(status) {
            let signal = wtermsig(status);
            log!(
                "error",
                "worker crashed",
                worker = i,
                pid = pid,
                signal = signal,
                signame = signal_name(signal),
                core = wcoredump(status),
            );
        } else if wexitstatus(status) != 0 {
            log!(
                "warn",
                "worker failed",
                worker = i,
                pid = pid,
                exit_status = wexitstatus(status)
            );
        } else {
            log!(
                "info",
                "worker done",
                worker = i,
                pid = pid,
                exit_status = 0
            );
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
