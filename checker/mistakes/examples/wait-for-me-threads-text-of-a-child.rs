//! Verdict: no-worker
//!
//! A command makes the numbers, and a thread does nothing.

use anyhow::{Result, anyhow};
use common::args;
use std::process::Command;
use std::thread;

fn main() -> Result<()> {
    args::none();
    let idle = thread::spawn(|| {});
    let output = Command::new("seq")
        .args(["-s", " ", "--", "-1", "-1", "-400"])
        .output();
    let output = output.map_err(|error| anyhow!("cannot run seq: {error}"))?;
    idle.join().map_err(|_| anyhow!("the thread panicked"))?;
    println!("{}", String::from_utf8_lossy(&output.stdout));
    Ok(())
}
