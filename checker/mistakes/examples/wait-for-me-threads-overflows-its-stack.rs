//! Verdict: crashed
//!
//! The thread calls itself without an end.

use anyhow::{Result, anyhow};
use common::args;
use std::hint::black_box;
use std::thread;

fn main() -> Result<()> {
    args::none();
    let negator = thread::spawn(|| depth(black_box(1)));
    let depth = negator.join().map_err(|_| anyhow!("the thread panicked"))?;
    println!("{depth}");
    Ok(())
}

#[allow(unconditional_recursion, reason = "it is the mistake")]
fn depth(number: u64) -> u64 {
    let page = black_box([number; 512]);
    depth(page[7] + 1) + page[3]
}
