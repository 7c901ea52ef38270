//! Verdict: wrong-output
//! The worker returns a hash map, and main prints its values in the order in which the
//! map gives them, which is not the order of the numbers.

use anyhow::{Result, anyhow};
use common::pace::work_a_little;
use common::{args, print_line};
use std::collections::HashMap;
use std::thread;

fn main() -> Result<()> {
    args::none();
    let mut numbers: HashMap<i32, i32> = (1..=400).map(|n| (n, n)).collect();
    let worker = thread::spawn(move || {
        for number in numbers.values_mut() {
            *number = -*number;
            work_a_little();
        }
        numbers
    });
    let numbers = worker.join().map_err(|_| anyhow!("the thread panicked"))?;
    for number in numbers.values() {
        print_line(number)?;
    }
    Ok(())
}
