//! Verdict: wrong-output
//! Each child has a handler of SIGSEGV, which reports the fault and ends the child with
//! exit status 0. The parent reports nothing, so any other bad end goes unnoticed.

use anyhow::{Result, anyhow};
use common::{Array, SharedSlice, Stopwatch};
use common::{Children, exit_child, fork, set_process_name, waitpid};
use common::{args, bad_pointer, partial_sum, print_sum, split, sum_of};
use nix::sys::signal::{SigHandler, Signal, signal};
use nix::unistd::ForkResult;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};

static ME: AtomicUsize = AtomicUsize::new(0);

fn main() -> Result<()> {
    let args = args::seg_fault();
    let array = Array::random(&args.array)?;
    let results = SharedSlice::<AtomicI64>::zeroed(args.num)?;

    let stopwatch = Stopwatch::start();
    let mut workers = Children::new();
    for (i, (part, result)) in split(&array, args.num).zip(&results).enumerate() {
        match fork().map_err(|error| anyhow!("cannot start process {i}: {error}"))? {
            ForkResult::Child => {
                ME.store(i, Relaxed);
                let handler = SigHandler::Handler(report_fault);
                // SAFETY: the worker faults in its own code and holds no lock.
                let _ = unsafe { signal(Signal::SIGSEGV, handler) };
                set_process_name(&format!("worker {i}"));
                result.store(work(i, part), Relaxed);
                exit_child(0)
            }
            ForkResult::Parent { child } => workers.push(child),
        }
    }

    for &worker in workers.iter() {
        waitpid(worker)?;
    }

    print_sum(sum_of(&results), &stopwatch)
}

extern "C" fn report_fault(number: i32) {
    let i = ME.load(Relaxed);
    eprintln!("Process {i} was killed by signal {number} (SIGSEGV)");
    exit_child(0)
}

fn work(i: usize, part: &[i32]) -> i64 {
    let sum = partial_sum(part);
    if i == 2 {
        // SAFETY: none, the pointer is bad. BUG (on purpose): the worker faults here.
        unsafe { bad_pointer::<i64>().write_volatile(sum) };
    }
    sum
}
