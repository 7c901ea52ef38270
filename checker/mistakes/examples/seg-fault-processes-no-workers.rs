//! Verdict: no-worker
//!
//! The program sums all parts but that of process 2 itself, and prints what is
//! expected. There is no child process.

use anyhow::Result;
use common::{Array, Stopwatch, args, partial_sum, print_sum, report, split};

fn main() -> Result<()> {
    let args = args::seg_fault();
    let array = Array::random(&args.array)?;

    let stopwatch = Stopwatch::start();
    let mut sum = 0;
    for (i, part) in split(&array, args.num).enumerate() {
        if i == 2 {
            report("Process 2 was killed by signal 11 (SIGSEGV)");
        } else {
            sum += partial_sum(part);
        }
    }
    print_sum(sum, &stopwatch)
}
