//! Verdict: passed
//!
//! Functional, nothing is shared: the thread gets the list by value, maps it to a new one, and
//! returns it. `join` gives the list back to `main`, which cannot print before it has it.

use anyhow::{Result, anyhow};
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::sync::atomic::AtomicI32;
use std::thread;

fn main() -> Result<()> {
    args::none();

    let numbers = (1..=400).collect::<Vec<i32>>();

    let negated = thread::spawn(|| negate_all(numbers))
        .join()
        .map_err(|_| anyhow!("the thread panicked"))?;

    let printable = negated.into_iter().map(AtomicI32::new).collect::<Vec<_>>();
    print_slowly(&printable)
}

/// negate_all :: [Int] -> [Int], strict, from the last one to the first.
fn negate_all(numbers: Vec<i32>) -> Vec<i32> {
    let mut reversed = numbers
        .into_iter()
        .rev()
        .map(|number| -number)
        .inspect(|_| work_a_little())
        .collect::<Vec<_>>();
    reversed.reverse();
    reversed
}
