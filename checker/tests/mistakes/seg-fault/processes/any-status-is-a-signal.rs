//! Verdict: wrong-output
//!
//! The parent takes the status for the number of a signal, whatever it is. Without a
//! core file that is right, for those that were killed.

use common::{
    Array, Children, Context, Error, SharedSlice, args, bad_pointer, exit_code, fork, partial_sum,
    print_sum, report, run_child, split, waitpid,
};
use nix::unistd::ForkResult;
use std::process::ExitCode;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};
use std::time::Instant;

fn main() -> ExitCode {
    exit_code(run())
}

fn run() -> Result<(), Error> {
    let args = args::sum()?;
    let array = Array::random(&args.array)?;
    let results = SharedSlice::<AtomicI64>::zeroed(args.num)?;

    let start = Instant::now();
    let mut workers = Children::new();
    for (i, part) in split(array.len(), args.num).enumerate() {
        let (part, result) = (&array[part], &results[i]);
        match fork().with_context(|| format!("cannot start process {i}"))? {
            ForkResult::Child => run_child(|| {
                work(i, part, result);
                Ok(())
            }),
            ForkResult::Parent { child } => workers.push(child),
        }
    }

    for (i, &worker) in workers.iter().enumerate() {
        let mut status = 0;
        waitpid(worker, &mut status).with_context(|| format!("cannot wait for process {i}"))?;
        if status != 0 {
            report(format_args!("Process {i} was killed by signal {status}"));
        }
    }

    let sum = results.iter().map(|result| result.load(Relaxed)).sum();
    print_sum(sum, start.elapsed())
}

fn work(i: usize, part: &[i32], result: &AtomicI64) {
    let sum = partial_sum(part);
    if i == 2 {
        // SAFETY: none, the pointer is bad. BUG (on purpose): the process dies
        // here, and never writes its result.
        unsafe { bad_pointer::<i64>().write_volatile(sum) };
    }
    result.store(sum, Relaxed);
}
