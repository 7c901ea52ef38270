//! Verdict: passed
//!
//! The thread returns each number in a box of its own.

use anyhow::{Result, anyhow};
use common::{args, print_line};
use std::thread;

fn main() -> Result<()> {
    args::none();
    let negator = thread::spawn(|| {
        (1..=400)
            .map(|number| Box::new(-number))
            .collect::<Vec<Box<i32>>>()
    });
    let numbers = negator.join().map_err(|_| anyhow!("the thread panicked"))?;
    let words: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    print_line(words.join(" "))
}
