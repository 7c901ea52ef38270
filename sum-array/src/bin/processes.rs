//! The sum of an array, by processes.
//!
//! Every process sums its part of the array and writes the result to its own
//! slot of `results`. Processes have memories of their own: a child finds the
//! array in its copy, but what it writes there its parent never sees. So the
//! results lie in memory that is shared on purpose.
//!
//! ```console
//! $ cargo run -p sum-array --bin processes -- 4
//! ```
//!
//! Run it with 1, 2, 4 and 8 processes and watch the time, also with
//! `--pages small`. Then compare it with `threads`, line by line.

use common::{Array, Context, Error, SharedSlice, args, exit_code, partial_sum, print_sum, split};
use common::{Children, fork, run_child, waitpid};
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
                result.store(partial_sum(part), Relaxed);
                Ok(())
            }),
            ForkResult::Parent { child } => workers.push(child),
        }
    }

    for (i, &worker) in workers.iter().enumerate() {
        let mut status = 0;
        waitpid(worker, &mut status).with_context(|| format!("cannot wait for process {i}"))?;
        if status != 0 {
            return Err(Error::worker(format!("process {i}"), status));
        }
    }

    let sum = results.iter().map(|result| result.load(Relaxed)).sum();
    print_sum(sum, start.elapsed())
}
