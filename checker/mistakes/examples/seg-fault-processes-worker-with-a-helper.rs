//! Verdict: passed
//!
//! Each worker has a helper process, which it ends itself. The helper of worker 2 ends because its
//! parent does.

use anyhow::{Result, anyhow};
use common::{
    Array, Children, SharedSlice, Stopwatch, WaitStatus, args, bad_pointer, exit_child, fork,
    partial_sum, print_sum, report, set_process_name, split, sum_of, waitpid,
};
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
                let helper = match fork() {
                    Ok(ForkResult::Child) => {
                        pause();
                        exit_child(0)
                    }
                    Ok(ForkResult::Parent { child }) => child,
                    Err(_) => exit_child(1),
                };
                result.store(work(i, part), Relaxed);
                let _ = kill(helper, Signal::SIGKILL);
                let _ = waitpid(helper);
                exit_child(0)
            }
            ForkResult::Parent { child } => workers.push(child),
        }
    }

    for (i, &worker) in workers.iter().enumerate() {
        let status = waitpid(worker)?;
        if status != 0 {
            let status = WaitStatus::from_raw(status);
            report(format!("Process {i} {status}"));
        }
    }

    // `Relaxed` is enough: after `waitpid`, the results of the child can be read.
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
