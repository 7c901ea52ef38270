//! The sum of an array, by one thread of one process.
//!
//! Compare the other programs with this one.
//!
//! ```console
//! $ cargo run -p sum-array --bin sequential
//! ```
//!
//! How many times faster is `threads -- 2`? Is `threads -- 1` as fast as this?

use anyhow::Result;
use common::{Array, Stopwatch, args, partial_sum, print_sum, repeat};

fn main() -> Result<()> {
    let args = args::sequential();
    let array = Array::random(&args.array)?;

    let stopwatch = Stopwatch::start();
    let sum = repeat(args.rounds, || partial_sum(&array));
    print_sum(sum, &stopwatch)
}
