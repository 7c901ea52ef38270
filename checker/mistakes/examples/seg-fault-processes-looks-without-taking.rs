//! Verdict: did-not-wait
//!
//! It waits as often as there are workers, for any of them, but with `WNOWAIT`: a child
//! that has ended stays a zombie, and the next `waitid` returns at once with it again.

use anyhow::{Context, Result, anyhow};
use common::report;
use common::wait_status::signal_name;
use common::{Array, SharedSlice, Stopwatch};
use common::{Children, exit_child, fork, set_process_name};
use common::{args, bad_pointer, partial_sum, print_sum, split, sum_of};
use nix::sys::wait::{Id, WaitPidFlag, WaitStatus, waitid};
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

    for _ in 0..args.num {
        // Children are looked at only; `Children` reaps them later.
        let ended = waitid(Id::All, WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT)?;
        let number = workers
            .iter()
            .position(|&worker| Some(worker) == ended.pid());
        let i = number.context("not a worker")?;
        match ended {
            WaitStatus::Exited(_, 0) => {}
            WaitStatus::Exited(_, status) => {
                report(format_args!("Process {i} exited with status {status}"));
            }
            WaitStatus::Signaled(_, signal, _) => {
                let name = signal_name(signal as i32);
                let number = signal as i32;
                report(format_args!(
                    "Process {i} was killed by signal {number} ({name})"
                ));
            }
            other => report(format_args!("Process {i}: {other:?}")),
        }
    }

    print_sum(sum_of(&results), &stopwatch)
}

fn work(i: usize, part: &[i32]) -> i64 {
    let sum = partial_sum(part);
    if i == 2 {
        // SAFETY: none, the pointer is bad. BUG (on purpose).
        unsafe { bad_pointer::<i64>().write_volatile(sum) };
    }
    sum
}
