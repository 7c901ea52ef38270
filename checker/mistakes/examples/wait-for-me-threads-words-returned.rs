//! Verdict: passed
//!
//! The thread returns the numbers as words.

use anyhow::{Result, anyhow};
use common::{args, print_line};
use std::thread;

fn main() -> Result<()> {
    args::none();
    let negator = thread::spawn(|| {
        (1..=400)
            .map(|number| format!("-{number}"))
            .collect::<Vec<String>>()
    });
    let numbers = negator.join().map_err(|_| anyhow!("the thread panicked"))?;
    print_line(numbers.join(" "))
}
