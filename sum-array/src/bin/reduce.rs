//! The sum of an array, by a library.
//!
//! rayon keeps a pool of threads, splits the work among them and puts the
//! results together: whoever uses it says what to do with one number, and how
//! to join two results.
//!
//! ```console
//! $ cargo run -p sum-array --bin reduce -- 4
//! ```
//!
//! Compare its time with that of `threads`, and its length too.

use common::{Array, Context, Error, args, exit_code, print_sum};
use rayon::ThreadPoolBuilder;
use rayon::prelude::*;
use std::io;
use std::process::ExitCode;
use std::time::Instant;

fn main() -> ExitCode {
    exit_code(run())
}

fn run() -> Result<(), Error> {
    let args = args::sum()?;
    let array = Array::random(&args.array)?;

    let start = Instant::now();
    let pool = ThreadPoolBuilder::new()
        .num_threads(args.num)
        .build()
        .map_err(io::Error::other)
        .context("cannot start the threads")?;
    let sum = pool.install(|| {
        array
            .par_iter()
            .map(|&number| i64::from(number))
            .reduce(|| 0, i64::wrapping_add)
    });
    print_sum(sum, start.elapsed())
}
