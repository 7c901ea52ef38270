//! Verdict: passed
//!
//! The program also says how it is getting on, in words that sound like bad news and
//! are none: `assigned`, `Score`, `cores`, and `0 of 2 processes were killed`.

use anyhow::{Result, anyhow};
use common::wait_status::{signal_name, wexitstatus, wifsignaled, wtermsig};
use common::{
    Array, Children, SharedSlice, Stopwatch, args, bad_pointer, exit_child, fork, partial_sum,
    print_sum, report, split, sum_of, waitpid,
};
use nix::unistd::ForkResult;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};

fn main() -> Result<()> {
    let args = args::seg_fault();
    let array = Array::random(&args.array)?;
    let results = SharedSlice::<AtomicI64>::zeroed(args.num)?;

    report("This machine may have 2 cores");
    report("Score so far: 0");
    let stopwatch = Stopwatch::start();
    let mut workers = Children::new();
    for (i, (part, result)) in split(&array, args.num).zip(&results).enumerate() {
        report(format_args!(
            "Process {i} is assigned {} numbers",
            part.len()
        ));
        match fork().map_err(|error| anyhow!("cannot start process {i}: {error}"))? {
            ForkResult::Child => {
                result.store(work(i, part), Relaxed);
                exit_child(0)
            }
            ForkResult::Parent { child } => workers.push(child),
        }
    }

    let mut killed = 0;
    for (i, &worker) in workers.iter().enumerate() {
        let status = waitpid(worker)?;
        if wifsignaled(status) {
            killed += 1;
            let name = signal_name(wtermsig(status));
            report(format_args!("Process {i} was killed by {name}"));
        } else if wexitstatus(status) != 0 {
            let exit_status = wexitstatus(status);
            report(format_args!("Process {i} exited with status {exit_status}"));
        } else {
            report(format_args!("Process {i} terminated normally: no signal"));
        }
    }
    report(format_args!(
        "{killed} of {} processes were killed",
        args.num
    ));

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
