//! Verdict: wrong-output
//!
//! The children answer SIGSEGV by exiting with status 0. So the parent, which would
//! report each child that did not end well, has nothing to report.

use anyhow::{Context, Result, anyhow};
use common::wait_status::{signal_name, wexitstatus, wifsignaled, wtermsig};
use common::{
    Array, Children, SharedSlice, Stopwatch, args, bad_pointer, exit_child, fork, partial_sum,
    print_sum, report, split, sum_of, waitpid,
};
use nix::sys::signal::{SigHandler, Signal, signal};
use nix::unistd::ForkResult;
use std::ffi::c_int;
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
                let result = work(i, part, result);
                exit_child(result.is_err().into())
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

fn work(i: usize, part: &[i32], result: &AtomicI64) -> Result<()> {
    // SAFETY: the handler does nothing that a handler may not do.
    unsafe { signal(Signal::SIGSEGV, SigHandler::Handler(leave)) }
        .context("cannot handle SIGSEGV")?;
    let sum = partial_sum(part);
    if i == 2 {
        // SAFETY: none, the pointer is bad. BUG (on purpose): the process ends
        // here, and never writes its result.
        unsafe { bad_pointer::<i64>().write_volatile(sum) };
    }
    result.store(sum, Relaxed);
    Ok(())
}

extern "C" fn leave(_: c_int) {
    // SAFETY: it ends the process at once, without using anything of it.
    unsafe { libc::_exit(0) }
}
