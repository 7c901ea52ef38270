//! Verdict: passed
//!
//! A launcher starts all workers and ends. The parent is a subreaper (PR_SET_CHILD_SUBREAPER), so
//! the kernel makes the workers its children, and it waits for each of them.

use anyhow::{Result, ensure};
use common::wait_status::{signal_name, wexitstatus, wifsignaled, wtermsig};
use common::{
    Array, SharedSlice, Stopwatch, WaitStatus, args, bad_pointer, exit_child, fork, partial_sum,
    print_sum, report, set_process_name, split, sum_of, waitpid,
};
use nix::unistd::ForkResult;
use nix::unistd::Pid;
use std::sync::atomic::{AtomicI32, AtomicI64, Ordering::Relaxed};

fn main() -> Result<()> {
    let args = args::seg_fault();
    let array = Array::random(&args.array)?;
    let results = SharedSlice::<AtomicI64>::zeroed(args.num)?;
    let pids = SharedSlice::<AtomicI32>::zeroed(args.num)?;
    // SAFETY: sets an attribute of this process.
    let result = unsafe { libc::prctl(libc::PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) };
    ensure!(result == 0, "cannot become a subreaper");
    let stopwatch = Stopwatch::start();
    match fork()? {
        ForkResult::Child => {
            set_process_name("launcher");
            for (i, (part, result)) in split(&array, args.num).zip(&results).enumerate() {
                // The library's `fork` would kill the workers when this launcher ends.
                // SAFETY: this process has one thread.
                match unsafe { libc::fork() } {
                    -1 => exit_child(1),
                    0 => {
                        set_process_name(&format!("worker {i}"));
                        result.store(work(i, part), Relaxed);
                        exit_child(0)
                    }
                    pid => pids[i].store(pid, Relaxed),
                }
            }
            exit_child(0)
        }
        ForkResult::Parent { child } => {
            let status = waitpid(child)?;
            ensure!(status == 0, "the launcher {}", WaitStatus::from_raw(status));
        }
    }
    for (i, pid) in pids.iter().enumerate() {
        let status = waitpid(Pid::from_raw(pid.load(Relaxed)))?;
        if let Some(line) = describe(i, status) {
            report(line);
        }
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
