//! Verdict: passed
//!
//! The parent waits with `waitpid` of the C library, and takes the status apart with
//! its macros.

use anyhow::{Context, Result, anyhow};
use common::wait_status::signal_name;
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

    for (i, worker) in workers.iter().enumerate() {
        let mut status = 0;
        // SAFETY: the status is written to `status`, which is borrowed for that.
        let waited = unsafe { libc::waitpid(worker.as_raw(), &raw mut status, 0) };
        if waited == -1 {
            return Err(io::Error::last_os_error())
                .with_context(|| format!("cannot wait for process {i}"));
        }
        if libc::WIFSIGNALED(status) {
            let signal = libc::WTERMSIG(status);
            let name = signal_name(signal);
            report(format_args!(
                "Process {i} was killed by signal {signal} ({name})"
            ));
        } else if libc::WEXITSTATUS(status) != 0 {
            let exit_status = libc::WEXITSTATUS(status);
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
