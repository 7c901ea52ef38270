//! Verdict: passed
//!
//! The thread writes the numbers to a file, and the program copies it to standard output.

use anyhow::{Result, anyhow};
use common::{args, print_line};
use std::fs;
use std::thread;

const FILE: &str = "numbers";

fn main() -> Result<()> {
    args::none();
    let negator = thread::spawn(|| {
        let words = (1..=400).map(|number| format!("{:5}", -number));
        fs::write(FILE, words.collect::<String>()).map(|()| FILE)
    });
    let numbers = negator.join().map_err(|_| anyhow!("the thread panicked"))?;
    print_line(fs::read_to_string(numbers?)?)
}
