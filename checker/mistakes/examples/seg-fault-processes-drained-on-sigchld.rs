//! Verdict: passed
//! The parent blocks SIGCHLD and waits for it with `sigwait`. One such signal can stand for
//! several children, so each time the parent asks `waitpid` with WNOHANG for all of them.

use anyhow::{Result, anyhow};
use common::{Array, SharedSlice, Stopwatch};
use common::{Children, exit_child, fork, set_process_name};
use common::{WaitStatus, report};
use common::{args, bad_pointer, partial_sum, print_sum, split, sum_of};
use nix::sys::signal::{SigSet, Signal};
use nix::unistd::ForkResult;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};

fn main() -> Result<()> {
    let mut signals = SigSet::empty();
    signals.add(Signal::SIGCHLD);
    signals.thread_block()?;
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

    let mut open: Vec<(usize, i32)> = Vec::new();
    open.extend(workers.iter().map(|pid| pid.as_raw()).enumerate());
    while !open.is_empty() {
        signals.wait()?;
        open.retain(|&(i, pid)| {
            let mut status = 0;
            // SAFETY: the kernel writes to `status`, which is borrowed for that.
            let ended = unsafe { libc::waitpid(pid, &raw mut status, libc::WNOHANG) };
            if ended == pid && status != 0 {
                report(format_args!("Process {i} {}", WaitStatus::from_raw(status)));
            }
            ended == 0
        });
    }

    print_sum(sum_of(&results), &stopwatch)
}

fn work(i: usize, part: &[i32]) -> i64 {
    let sum = partial_sum(part);
    if i == 2 {
        // SAFETY: none, the pointer is bad. BUG (on purpose): the worker faults here.
        unsafe { bad_pointer::<i64>().write_volatile(sum) };
    }
    sum
}
