//! Verdict: passed
//!
//! The thread inverts all bits of each number. The program adds the 1 that is missing.

use anyhow::{Result, anyhow};
use common::{args, print_line};
use std::thread;

fn main() -> Result<()> {
    args::none();
    let negator = thread::spawn(|| (1..=400_i32).map(|number| !number).collect::<Vec<i32>>());
    let numbers = negator.join().map_err(|_| anyhow!("the thread panicked"))?;
    let words = numbers.iter().map(|number| format!("{:5}", number + 1));
    print_line(words.collect::<String>())
}
