//! Verdict: passed
//!
//! A tree: the parent starts two foremen, which start, await and report the workers. The parent
//! waits for the foremen. The workers keep their numbers.

use anyhow::{Result, anyhow, ensure};
use common::wait_status::{signal_name, wexitstatus, wifsignaled, wtermsig};
use common::{
    Array, Children, SharedSlice, Stopwatch, WaitStatus, args, bad_pointer, exit_child, fork,
    partial_sum, print_sum, report, set_process_name, split, sum_of, waitpid,
};
use nix::unistd::ForkResult;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};

fn main() -> Result<()> {
    let args = args::seg_fault();
    let array = Array::random(&args.array)?;
    let results = SharedSlice::<AtomicI64>::zeroed(args.num)?;

    let stopwatch = Stopwatch::start();
    // Two foremen, each with every second worker.
    let mut foremen = Children::new();
    for f in 0..2 {
        match fork().map_err(|error| anyhow!("cannot start foreman {f}: {error}"))? {
            ForkResult::Child => {
                set_process_name(&format!("foreman {f}"));
                let mut crew = Vec::new();
                for (i, (part, result)) in split(&array, args.num).zip(&results).enumerate() {
                    if i % 2 != f {
                        continue;
                    }
                    match fork() {
                        Ok(ForkResult::Child) => {
                            set_process_name(&format!("worker {i}"));
                            result.store(work(i, part), Relaxed);
                            exit_child(0)
                        }
                        Ok(ForkResult::Parent { child }) => crew.push((i, child)),
                        Err(_) => exit_child(1),
                    }
                }
                for (i, child) in crew {
                    let Ok(status) = waitpid(child) else {
                        exit_child(2)
                    };
                    if let Some(line) = describe(i, status) {
                        report(line);
                    }
                }
                exit_child(0)
            }
            ForkResult::Parent { child } => foremen.push(child),
        }
    }
    for (f, &foreman) in foremen.iter().enumerate() {
        let status = waitpid(foreman)?;
        ensure!(status == 0, "foreman {f} {}", WaitStatus::from_raw(status));
    }

    print_sum(sum_of(&results), &stopwatch)
}

fn describe(i: usize, status: i32) -> Option<String> {
    if wifsignaled(status) {
        let signal = wtermsig(status);
        Some(format!(
            "Process {i} was killed by signal {signal} ({})",
            signal_name(signal)
        ))
    } else if wexitstatus(status) != 0 {
        Some(format!(
            "Process {i} exited with status {}",
            wexitstatus(status)
        ))
    } else {
        None
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
