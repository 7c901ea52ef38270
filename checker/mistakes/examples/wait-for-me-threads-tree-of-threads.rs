//! Verdict: passed
//! A thread splits its linked list in two and starts a thread for each half, down to
//! lists of 25 numbers. Each thread joins its two threads and appends their lists.

use anyhow::{Result, anyhow};
use common::args;
use common::pace::work_a_little;
use std::collections::LinkedList;
use std::thread;

fn main() -> Result<()> {
    args::none();
    let numbers: LinkedList<i64> = (1..=400).collect();
    let root = thread::spawn(|| negate(numbers));
    let numbers = root.join().map_err(|_| anyhow!("a thread panicked"))?;
    for number in numbers {
        println!("{number}");
    }
    Ok(())
}

fn negate(mut numbers: LinkedList<i64>) -> LinkedList<i64> {
    if numbers.len() <= 25 {
        for number in &mut numbers {
            *number *= -1;
            work_a_little();
        }
        return numbers;
    }
    let right = numbers.split_off(numbers.len() / 2);
    let left = thread::spawn(|| negate(numbers));
    let right = thread::spawn(|| negate(right));
    let mut all = left.join().expect("the left half");
    all.append(&mut right.join().expect("the right half"));
    all
}
