//! Verdict: no-worker
//!
//! Threads sum the parts, and none of them has a bug. There is no child process that
//! could be killed.

use anyhow::Result;
use common::{Array, Stopwatch, args, partial_sum, print_sum, split};
use std::thread;

fn main() -> Result<()> {
    let args = args::seg_fault();
    let array = Array::random(&args.array)?;
    let mut results = vec![0; args.num];

    let stopwatch = Stopwatch::start();
    thread::scope(|scope| {
        for (part, result) in split(&array, args.num).zip(&mut results) {
            scope.spawn(|| *result = partial_sum(part));
        }
    });

    print_sum(results.iter().sum(), &stopwatch)
}
