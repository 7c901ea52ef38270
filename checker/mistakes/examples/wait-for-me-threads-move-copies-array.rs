//! Verdict: wrong-output
//!
//! Does away with the atomics and moves a plain array into the thread. But an array of `i32` is
//! `Copy`: the thread negates its copy. `main` joins, and prints the original, 1 to 400.

use anyhow::{Result, anyhow};
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::sync::atomic::AtomicI32;
use std::thread;

fn main() -> Result<()> {
    args::none();
    let mut numbers = [0_i32; 400];
    for (number, value) in numbers.iter_mut().zip(1..) {
        *number = value;
    }

    // The compiler wanted `move` here.
    let negator = thread::spawn(move || {
        negate_numbers(&mut numbers);
    });
    negator.join().map_err(|_| anyhow!("the thread panicked"))?;

    // print_slowly wants atomics.
    let numbers = numbers.map(AtomicI32::new);
    print_slowly(&numbers)
}

fn negate_numbers(numbers: &mut [i32; 400]) {
    for number in numbers.iter_mut().rev() {
        *number = -*number;
        work_a_little();
    }
}
