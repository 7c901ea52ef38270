//! Verdict: wrong-output
//!
//! The parent would report each child that did not end well, but all of them do: the
//! bug that process 2 should die of is gone.

use anyhow::{Result, anyhow};
use common::wait_status::{signal_name, wexitstatus, wifsignaled, wtermsig};
use common::{
    Array, Children, SharedSlice, Stopwatch, args, exit_child, fork, partial_sum, print_sum,
    report, split, sum_of, waitpid,
};
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
                result.store(partial_sum(part), Relaxed);
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
