//! Verdict: passed
//!
//! The thread fills a second vector and swaps it with the first one.

use anyhow::{Result, anyhow};
use common::args;
use std::sync::Mutex;
use std::{mem, thread};

fn main() -> Result<()> {
    args::none();
    let numbers: Mutex<Vec<i16>> = Mutex::new((1..=400).collect());
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut numbers = numbers.lock().expect("no panic");
            let mut negative: Vec<i16> = numbers.iter().map(|number| -number).collect();
            mem::swap(&mut *numbers, &mut negative);
        });
    });
    let numbers = numbers.lock().map_err(|_| anyhow!("poisoned"))?;
    println!("{numbers:?}");
    Ok(())
}
