//! Verdict: wrong-output
//!
//! Has its own table of signal names, copied from a Mac. The numbers 1 to 6, 8, 9, 11 and 13 to 15
//! mean the same on Linux, the others do not: 7 is called SIGEMT, and 10 SIGBUS.

use anyhow::{Result, anyhow};
use common::wait_status::{wexitstatus, wifsignaled, wtermsig};
use common::{Array, SharedSlice, Stopwatch, report};
use common::{Children, exit_child, fork, set_process_name, waitpid};
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
        if wifsignaled(status) {
            let signal = wtermsig(status);
            let name = usize::try_from(signal).ok().and_then(|n| NAMES.get(n));
            let name = name.unwrap_or(&"?");
            report(format_args!(
                "Process {i} was killed by signal {signal} (SIG{name})"
            ));
        } else if wexitstatus(status) != 0 {
            let exit_status = wexitstatus(status);
            report(format_args!("Process {i} exited with status {exit_status}"));
        }
    }

    print_sum(sum_of(&results), &stopwatch)
}

/// From <sys/signal.h>.
#[rustfmt::skip]
const NAMES: [&str; 32] = [
    "NULL", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "EMT", "FPE", "KILL", "BUS", "SEGV",
    "SYS", "PIPE", "ALRM", "TERM", "URG", "STOP", "TSTP", "CONT", "CHLD", "TTIN", "TTOU", "IO",
    "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "INFO", "USR1", "USR2",
];

fn work(i: usize, part: &[i32]) -> i64 {
    let sum = partial_sum(part);
    if i == 2 {
        // SAFETY: none, the pointer is bad. BUG (on purpose): the worker faults here,
        // and never returns its sum.
        unsafe { bad_pointer::<i64>().write_volatile(sum) };
    }
    sum
}
