//! The sum of an array, by the program alone: no threads, no
//! processes.
//!
//! This is the baseline that the other programs are measured against.
//!
//! ```console
//! $ cargo run -p sum-array --bin sequential
//! ```
//!
//! How many times faster is `threads -- 2`? And is `threads -- 1` as fast?

use common::{Array, Error, args, exit_code, partial_sum, print_sum};
use std::process::ExitCode;
use std::time::Instant;

fn main() -> ExitCode {
    exit_code(run())
}

fn run() -> Result<(), Error> {
    let array = Array::random(&args::sequential()?)?;

    let start = Instant::now();
    let sum = partial_sum(&array);
    print_sum(sum, start.elapsed())
}
