//! Verdict: passed
//! The report is in other words than the original's: it has the text that `strsignal` gives
//! for the signal, and its number in brackets.

use anyhow::{Result, anyhow};
use common::report;
use common::{Array, SharedSlice, Stopwatch};
use common::{Children, exit_child, fork, set_process_name, waitpid};
use common::{args, bad_pointer, partial_sum, print_sum, split, sum_of};
use nix::unistd::ForkResult;
use std::ffi::CStr;
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

    for (i, &worker) in workers.iter().enumerate() {
        let status = waitpid(worker)?;
        if libc::WIFSIGNALED(status) {
            let signal = libc::WTERMSIG(status);
            let text = describe(signal);
            report(format!("worker {i} died: {text} (signal no. {signal})"));
        } else if let code @ 1.. = libc::WEXITSTATUS(status) {
            report(format!("worker {i} gave up: exit status {code}"));
        }
    }

    print_sum(sum_of(&results), &stopwatch)
}

fn describe(signal: i32) -> String {
    // SAFETY: the call takes any number, and this program has one thread.
    let text = unsafe { libc::strsignal(signal) };
    // SAFETY: the text ends with a NUL byte and stays until the next call.
    unsafe { CStr::from_ptr(text) }.to_string_lossy().into()
}

fn work(i: usize, part: &[i32]) -> i64 {
    let sum = partial_sum(part);
    if i == 2 {
        // SAFETY: none, the pointer is bad. BUG (on purpose): the worker faults here.
        unsafe { bad_pointer::<i64>().write_volatile(sum) };
    }
    sum
}
