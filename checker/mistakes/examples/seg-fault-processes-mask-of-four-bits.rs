//! Verdict: wrong-output
//!
//! Decodes the status by hand with the mask 0xf. That is right for signals up to 15, as SIGSEGV
//! and SIGKILL. SIGXCPU (24) becomes SIGFPE (8), and SIGSTKFLT (16) becomes "ended well".

use anyhow::{Result, anyhow};
use common::wait_status::signal_name;
use common::{Array, SharedSlice, Stopwatch};
use common::{Children, exit_child, fork, report, set_process_name, waitpid};
use common::{args, bad_pointer, partial_sum, print_sum, split, sum_of};
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

    for (i, &worker) in workers.iter().enumerate() {
        let status = waitpid(worker)?;
        // The signal is in the low bits, the exit status is in the next byte.
        let signal = status & 0xf;
        let exit_status = (status >> 8) & 0xff;
        if signal != 0 {
            let name = signal_name(signal);
            report(format!(
                "Process {i} was killed by signal {signal} ({name})"
            ));
        } else if exit_status != 0 {
            report(format!("Process {i} exited with status {exit_status}"));
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
