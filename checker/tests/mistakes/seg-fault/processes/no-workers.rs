//! Verdict: no-worker
//!
//! The program sums all parts but that of process 2 itself, and prints what is
//! expected. There is no child process.

use common::{Array, Error, args, exit_code, partial_sum, print_sum, report, split};
use std::process::ExitCode;
use std::time::Instant;

fn main() -> ExitCode {
    exit_code(run())
}

fn run() -> Result<(), Error> {
    let args = args::sum()?;
    let array = Array::random(&args.array)?;

    let start = Instant::now();
    let mut sum = 0;
    for (i, part) in split(array.len(), args.num).enumerate() {
        if i == 2 {
            report("Process 2 was killed by signal 11 (SIGSEGV)");
        } else {
            sum += partial_sum(&array[part]);
        }
    }
    print_sum(sum, start.elapsed())
}
