//! Verdict: no-worker
//!
//! Threads sum the parts, and none of them has a bug. There is no child process that
//! could be killed.

use common::{Array, Error, args, exit_code, partial_sum, print_sum, split};
use std::process::ExitCode;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};
use std::thread;
use std::time::Instant;

fn main() -> ExitCode {
    exit_code(run())
}

fn run() -> Result<(), Error> {
    let args = args::sum()?;
    let array = Array::random(&args.array)?;
    let results = (0..args.num).map(|_| AtomicI64::new(0)).collect::<Vec<_>>();

    let start = Instant::now();
    thread::scope(|scope| {
        for (part, result) in split(array.len(), args.num).zip(&results) {
            let part = &array[part];
            scope.spawn(|| result.store(partial_sum(part), Relaxed));
        }
    });

    let sum = results.iter().map(|result| result.load(Relaxed)).sum();
    print_sum(sum, start.elapsed())
}
