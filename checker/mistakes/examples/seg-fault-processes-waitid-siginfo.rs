//! Verdict: passed
//!
//! The parent waits with `waitid`, which reports how the child ended and by which
//! signal or with which status in two numbers.

use anyhow::{Context, Result, anyhow};
use common::wait_status::signal_name;
use common::{
    Array, Children, SharedSlice, Stopwatch, args, bad_pointer, exit_child, fork, partial_sum,
    print_sum, report, split, sum_of,
};
use nix::unistd::ForkResult;
use std::io;
use std::mem::MaybeUninit;
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
        let mut info = MaybeUninit::<libc::siginfo_t>::zeroed();
        let id = worker.as_raw().cast_unsigned();
        // SAFETY: how it ended is written to `info`, which is borrowed for that.
        let result = unsafe { libc::waitid(libc::P_PID, id, info.as_mut_ptr(), libc::WEXITED) };
        if result == -1 {
            return Err(io::Error::last_os_error())
                .with_context(|| format!("cannot wait for process {i}"));
        }
        // SAFETY: it was written, and before that it was all zeros, which is
        // valid as well.
        let info = unsafe { info.assume_init() };
        // SAFETY: `waitid` has filled in the part for children.
        let status = unsafe { info.si_status() };
        if matches!(info.si_code, libc::CLD_KILLED | libc::CLD_DUMPED) {
            let name = signal_name(status);
            report(format_args!(
                "Process {i} was killed by signal {status} ({name})"
            ));
        } else if status != 0 {
            report(format_args!("Process {i} exited with status {status}"));
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
