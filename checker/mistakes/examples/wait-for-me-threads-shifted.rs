//! Verdict: passed
//!
//! The thread returns the negative numbers, 1000 added to each, so that they need no
//! sign.

use anyhow::{Result, anyhow};
use common::{args, print_line};
use std::thread;

fn main() -> Result<()> {
    args::none();
    let negator = thread::spawn(|| (1..=400).map(|number| 1000 - number).collect::<Vec<u16>>());
    let numbers = negator.join().map_err(|_| anyhow!("the thread panicked"))?;
    let words = numbers
        .iter()
        .map(|number| format!("{:5}", i32::from(*number) - 1000));
    print_line(words.collect::<String>())
}
