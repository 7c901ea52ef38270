//! Verdict: timed-out
//! Main joins the worker while it holds the lock of the numbers, which the worker needs.
//! Each waits for the other.

use anyhow::{Result, anyhow};
use common::args;
use std::sync::{Arc, Mutex};
use std::thread;

fn main() -> Result<()> {
    args::none();
    let numbers = Arc::new(Mutex::new([0_i32; 400]));
    let mut guard = numbers.lock().map_err(|_| anyhow!("poisoned"))?;
    for (number, value) in guard.iter_mut().zip(1..) {
        *number = value;
    }
    let shared = Arc::clone(&numbers);
    let worker = thread::spawn(move || {
        for number in shared.lock().expect("sane").iter_mut() {
            *number = -*number;
        }
    });
    worker.join().map_err(|_| anyhow!("the thread panicked"))?;
    println!("{:?}", *guard);
    Ok(())
}
