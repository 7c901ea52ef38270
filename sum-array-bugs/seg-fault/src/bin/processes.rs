//! The sum of an array, by processes, with a bug: worker 2 writes through a bad pointer.
//!
//! ```console
//! $ cargo run -p seg-fault --bin processes -- 2
//! $ cargo run -p seg-fault --bin processes -- 4
//! ```
//!
//! The workers are counted from 0, so worker 2 is the third one. Run the program with
//! 2 workers, and then with 4, and compare with `sum-array`.
//! The program does not say why its sum differs. Your task is to report which worker failed.

use anyhow::{Result, anyhow};
use common::{Array, SharedSlice, Stopwatch};
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

    #[allow(unused_variables, reason = "the TODO will use them")]
    for (i, &worker) in workers.iter().enumerate() {
        let status = waitpid(worker)?;
        // TODO: Print a line to standard error (`common::report`) for each process that
        // a signal has killed: `Process 2 was killed by signal 11 (SIGSEGV)`; and for
        // each whose exit status is not 0: `Process 2 exited with status 3`. Look at
        // the functions of `common::wait_status`: they decode `status`.
    }

    // `Relaxed` is enough: after `waitpid`, the results of the child can be read.
    print_sum(sum_of(&results), &stopwatch)
}

fn work(i: usize, part: &[i32]) -> i64 {
    let sum = partial_sum(part);
    if i == 2 {
        // SAFETY: none, the pointer is bad. BUG (on purpose): the worker faults here,
        // and never returns its sum.
        unsafe { bad_pointer::<i64>().write_volatile(sum) };
    }
    sum
}
