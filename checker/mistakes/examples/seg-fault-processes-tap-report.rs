//! Verdict: passed
//!
//! Reports on standard error in the Test Anything Protocol. Its tests are counted from 1, as the
//! protocol demands; the text says which process is meant: `not ok 3 - process 2 # killed ...`

use anyhow::{Result, anyhow};
use common::{Array, SharedSlice, Stopwatch, WaitStatus, report};
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

    report("TAP version 13");
    report(format!("1..{}", workers.len()));
    let mut not_ok = 0;
    for (test, (i, &worker)) in (1..).zip(workers.iter().enumerate()) {
        match waitpid(worker)? {
            0 => report(format!("ok {test} - process {i}")),
            status => {
                not_ok += 1;
                let how = WaitStatus::from_raw(status);
                report(format!("not ok {test} - process {i} # {how}"));
            }
        }
    }
    if not_ok > 0 {
        report(format!(
            "# Looks like you failed {not_ok} test(s) of {}.",
            workers.len()
        ));
    }

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
