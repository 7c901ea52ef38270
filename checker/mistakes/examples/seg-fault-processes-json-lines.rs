//! Verdict: passed
//!
//! One JSON object a line and a victim on standard error, to be read by `jq`: with the time in
//! milliseconds, the number of the worker, and either the signal or the exit status.

use anyhow::{Result, anyhow};
use common::wait_status::signal_name;
use common::{Array, SharedSlice, Stopwatch, WaitStatus, report};
use common::{Children, exit_child, fork, set_process_name, waitpid};
use common::{args, bad_pointer, partial_sum, print_sum, split, sum_of};
use nix::unistd::ForkResult;
use std::fmt;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};
use std::time::Instant;

struct Event {
    ms: u128,
    worker: usize,
    status: WaitStatus,
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { ms, worker, status } = self;
        write!(f, r#"{{"t_ms":{ms},"event":"#)?;
        match *status {
            WaitStatus::Signaled {
                signal,
                core_dumped,
            } => {
                let name = signal_name(signal);
                write!(
                    f,
                    r#""killed","worker":{worker},"signal":"{name}","signo":{signal}"#
                )?;
                write!(f, r#","core":{core_dumped}}}"#)
            }
            WaitStatus::Exited { exit_status } => {
                write!(f, r#""exited","worker":{worker},"status":{exit_status}}}"#)
            }
            other => write!(f, r#""unknown","worker":{worker},"text":"{other}"}}"#),
        }
    }
}

fn main() -> Result<()> {
    let args = args::seg_fault();
    let array = Array::random(&args.array)?;
    let results = SharedSlice::<AtomicI64>::zeroed(args.num)?;

    let stopwatch = Stopwatch::start();
    let start = Instant::now();
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

    for (worker, &pid) in workers.iter().enumerate() {
        let status = WaitStatus::from_raw(waitpid(pid)?);
        let ms = start.elapsed().as_millis();
        if status != (WaitStatus::Exited { exit_status: 0 }) {
            report(Event { ms, worker, status });
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
