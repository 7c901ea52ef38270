//! Verdict: no-worker
//!
//! The thread negates a copy, and the program another one after it has joined the thread.

use anyhow::{Result, anyhow};
use common::args;
use std::thread;

fn main() -> Result<()> {
    args::none();
    let mut numbers: Vec<i32> = (1..=400).collect();
    let mut copy = numbers.clone();
    let negator = thread::spawn(move || {
        copy.iter_mut().for_each(|number| *number = -*number);
        copy.iter().sum::<i32>()
    });
    let sum = negator.join().map_err(|_| anyhow!("the thread panicked"))?;
    assert!(sum < 0, "the thread has done something");
    numbers.iter_mut().for_each(|number| *number = -*number);
    println!("{numbers:?}");
    Ok(())
}
