//! Verdict: crashed
//! Main wants the numbers out of their `Arc` after the join, but has kept a second `Arc`
//! of its own. So it panics before it prints.

use anyhow::{Result, anyhow};
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::thread;

fn main() -> Result<()> {
    args::none();
    let numbers: Arc<Vec<AtomicI32>> = Arc::new((1..=400).map(AtomicI32::new).collect());
    let for_worker = Arc::clone(&numbers);
    let for_printing = Arc::clone(&numbers);
    let worker = thread::spawn(move || {
        for number in for_worker.iter().rev() {
            number.store(-number.load(Relaxed), Relaxed);
            work_a_little();
        }
    });
    worker.join().map_err(|_| anyhow!("the thread panicked"))?;
    let numbers = Arc::try_unwrap(numbers).expect("the worker has dropped its Arc");
    print_slowly(&numbers)?;
    drop(for_printing);
    Ok(())
}
