//! Verdict: passed
//! The worker holds the write lock of an `RwLock` for all of its work, and tells main as
//! soon as it has the lock. Then main asks for the read lock, which it gets after the work.

use anyhow::{Result, anyhow};
use common::args;
use common::pace::work_a_little;
use std::sync::{RwLock, mpsc};
use std::thread;

static NUMBERS: RwLock<Vec<String>> = RwLock::new(Vec::new());

fn main() -> Result<()> {
    args::none();
    let mut numbers = NUMBERS.write().map_err(|_| anyhow!("poisoned"))?;
    numbers.extend((1..=400).map(|number| number.to_string()));
    drop(numbers);

    let (locked, is_locked) = mpsc::sync_channel(0);
    thread::spawn(move || {
        let mut numbers = NUMBERS.write().expect("main has not panicked");
        locked.send(()).expect("main is listening");
        for number in numbers.iter_mut().rev() {
            number.insert(0, '-');
            work_a_little();
        }
    });

    is_locked.recv()?;
    let numbers = NUMBERS.read().map_err(|_| anyhow!("the worker panicked"))?;
    println!("{}", numbers.join("\n"));
    Ok(())
}
