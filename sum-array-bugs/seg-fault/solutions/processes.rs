//! The sum of an array, by processes, with a bug: process 2 writes through a
//! bad pointer.
//!
//! ```console
//! $ cargo run -p seg-fault --bin processes -- 2
//! $ cargo run -p seg-fault --bin processes -- 4
//! ```
//!
//! With 2 processes there is no process 2: they are process 0 and process 1.
//! With 4 processes compare the sum with that of `sum-array`. Nothing tells
//! you that it is wrong: that is your task.

use common::{
    Array, Context, Error, SharedSlice, args, bad_pointer, exit_code, partial_sum, print_sum, split,
};
use common::{Children, fork, run_child, waitpid};
// <solution>
use common::report;
use common::wait_status::{signal_name, wexitstatus, wifsignaled, wtermsig};
// </solution>
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
        // TODO: Investigate `status`, and report to standard error each process
        // that did not end well: `Process 2 was killed by signal 11 (SIGSEGV)`,
        // or `Process 2 exited with status 3`. (`man 2 waitpid` names the macros;
        // `common::wait_status` has them as functions.)
        // <solution>
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
        // </solution>
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
