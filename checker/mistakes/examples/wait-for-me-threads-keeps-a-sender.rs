//! Verdict: timed-out
//!
//! Main receives until the channel is closed, but keeps a sender itself. So it waits forever.

use anyhow::{Result, anyhow, ensure};
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::sync::mpsc::{self, Sender};
use std::thread;

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }

    let (sender, receiver) = mpsc::channel();
    let of_thread = sender.clone();
    let thread = thread::spawn(move || negate_numbers(of_thread));
    let mut negated = 0;
    for _ in &receiver {
        negated += 1;
    }
    ensure!(
        negated == NUMBERS.len(),
        "only {negated} numbers were negated"
    );
    thread.join().map_err(|_| anyhow!("the thread panicked"))?;

    print_slowly(&NUMBERS)?;
    drop(sender);
    Ok(())
}

fn negate_numbers(progress: Sender<()>) {
    for number in NUMBERS.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        let _ = progress.send(());
        work_a_little();
    }
}
