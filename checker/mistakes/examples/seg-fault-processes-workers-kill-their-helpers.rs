//! Verdict: passed
//!
//! Each worker starts a helper process, and kills it. The parent reports the ends of the workers
//! only.

use anyhow::{Result, anyhow};
use common::report;
use common::wait_status::{signal_name, wexitstatus, wifsignaled, wtermsig};
use common::{Array, SharedSlice, Stopwatch};
use common::{Children, exit_child, fork, set_process_name, waitpid};
use common::{args, bad_pointer, partial_sum, print_sum, split, sum_of};
use nix::sys::signal::{Signal, kill};
use nix::unistd::{ForkResult, pause};
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
                if start_and_kill_a_helper().is_err() {
                    exit_child(1);
                }
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
            let name = signal_name(signal);
            report(format!(
                "Process {i} was killed by signal {signal} ({name})"
            ));
        } else if wexitstatus(status) != 0 {
            let exit_status = wexitstatus(status);
            report(format!("Process {i} exited with status {exit_status}"));
        }
    }

    // `Relaxed` is enough: after `waitpid`, the results of the child can be read.
    print_sum(sum_of(&results), &stopwatch)
}

fn start_and_kill_a_helper() -> Result<()> {
    match fork()? {
        ForkResult::Child => loop {
            pause();
        },
        ForkResult::Parent { child } => {
            kill(child, Signal::SIGKILL)?;
            waitpid(child)?;
            Ok(())
        }
    }
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
