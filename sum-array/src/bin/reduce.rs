//! The sum of an array, by a library.
//!
//! The library rayon keeps a pool of threads. It splits the work among them and
//! combines their results. The program only says what to do with one number, and how
//! to combine two results.
//!
//! ```console
//! $ cargo run -p sum-array --bin reduce -- 4
//! ```
//!
//! Compare its time, and the number of its lines, with those of `threads`.

use anyhow::{Result, anyhow};
use common::{Array, Stopwatch, args, print_sum, repeat};
use rayon::ThreadPoolBuilder;
use rayon::prelude::*;

fn main() -> Result<()> {
    let args = args::sum();
    let array = Array::random(&args.array)?;

    let stopwatch = Stopwatch::start();
    let pool = ThreadPoolBuilder::new()
        .num_threads(args.num)
        .thread_name(|i| format!("worker {i}"))
        .build()
        .map_err(|error| anyhow!("cannot start the threads: {error}"))?;
    let sum = repeat(args.rounds, || {
        pool.install(|| {
            array
                .par_iter()
                .map(|&number| i64::from(number))
                // In a development build, a plain `+` checks for overflow. That prevents
                // instructions that add several numbers at once.
                .reduce(|| 0, i64::wrapping_add)
        })
    });
    print_sum(sum, &stopwatch)
}
