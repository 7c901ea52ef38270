//! Verdict: passed
//! The worker unwinds on purpose, with the negated numbers as the payload. Main gets them
//! out of the error that `join` returns.

use anyhow::{Result, bail};
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::panic::resume_unwind;
use std::sync::atomic::AtomicI32;
use std::thread;

fn main() -> Result<()> {
    args::none();
    let mut numbers: Vec<i32> = (1..=400).collect();
    let worker = thread::spawn(move || {
        for number in numbers.iter_mut().rev() {
            *number = 0 - *number;
            work_a_little();
        }
        // This calls no panic hook, so it prints nothing.
        resume_unwind(Box::new(numbers))
    });
    let Err(payload) = worker.join();
    let Ok(numbers) = payload.downcast::<Vec<i32>>() else {
        bail!("the thread panicked");
    };
    let numbers: Vec<AtomicI32> = numbers.into_iter().map(AtomicI32::new).collect();
    print_slowly(&numbers)
}
