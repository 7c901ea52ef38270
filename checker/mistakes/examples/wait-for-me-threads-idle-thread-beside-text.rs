//! Verdict: no-worker
//!
//! The program makes the text itself, and waits for a thread that does nothing.

use anyhow::{Result, anyhow};
use common::args;
use std::thread;

fn main() -> Result<()> {
    args::none();
    let text: String = (1..=400).map(|number| format!("-{number} ")).collect();
    let idle = thread::spawn(|| {});
    idle.join().map_err(|_| anyhow!("the thread panicked"))?;
    println!("{text}");
    Ok(())
}
