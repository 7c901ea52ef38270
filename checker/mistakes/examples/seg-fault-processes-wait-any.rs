//! Verdict: passed
//!
//! The parent waits for any child, as often as it has children, and looks up which one
//! has ended.

use anyhow::{Context, Result, anyhow};
use common::wait_status::{signal_name, wexitstatus, wifsignaled, wtermsig};
use common::{
    Array, Children, SharedSlice, Stopwatch, args, bad_pointer, exit_child, fork, partial_sum,
    print_sum, report, split, sum_of,
};
use nix::unistd::ForkResult;
use std::io;
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
                result.store(work(i, part), Relaxed);
                exit_child(0)
            }
            ForkResult::Parent { child } => workers.push(child),
        }
    }

    for _ in 0..args.num {
        let mut status = 0;
        // SAFETY: the status is written to `status`, which is borrowed for that.
        let ended = unsafe { libc::wait(&raw mut status) };
        let Some(i) = workers.iter().position(|worker| worker.as_raw() == ended) else {
            return Err(io::Error::last_os_error()).context("cannot wait for a process");
        };
        if wifsignaled(status) {
            let signal = wtermsig(status);
            let name = signal_name(signal);
            report(format_args!(
                "Process {i} was killed by signal {signal} ({name})"
            ));
        } else if wexitstatus(status) != 0 {
            let exit_status = wexitstatus(status);
            report(format_args!("Process {i} exited with status {exit_status}"));
        }
    }

    print_sum(sum_of(&results), &stopwatch)
}

fn work(i: usize, part: &[i32]) -> i64 {
    let sum = partial_sum(part);
    if i == 2 {
        // SAFETY: none, the pointer is bad. BUG (on purpose): the process dies
        // here, and never writes its result.
        unsafe { bad_pointer::<i64>().write_volatile(sum) };
    }
    sum
}
