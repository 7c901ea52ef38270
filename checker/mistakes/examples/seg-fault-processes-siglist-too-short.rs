//! Verdict: crashed
//!
//! Looks the name of the signal up in an array like sys_siglist, which has only the signals up to 11.
//! A child that is killed by SIGTERM (15) makes the parent panic: index out of bounds.

use anyhow::{Result, anyhow};
use common::report;
use common::wait_status::{wexitstatus, wifsignaled, wtermsig};
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
            let name = SIGLIST[signal as usize];
            report(format!(
                "Process {i} was killed by signal {signal} ({name})"
            ));
        } else if wexitstatus(status) != 0 {
            report(format!(
                "Process {i} exited with status {}",
                wexitstatus(status)
            ));
        }
    }

    print_sum(sum_of(&results), &stopwatch)
}

const SIGLIST: [&str; 12] = [
    "none", "SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE",
    "SIGKILL", "SIGUSR1", "SIGSEGV",
];

fn work(i: usize, part: &[i32]) -> i64 {
    let sum = partial_sum(part);
    if i == 2 {
        // SAFETY: none, the pointer is bad. BUG (on purpose): the worker faults here,
        // and never returns its sum.
        unsafe { bad_pointer::<i64>().write_volatile(sum) };
    }
    sum
}
