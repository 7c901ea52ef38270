//! Verdict: wrong-output
//!
//! The worker looks at the flag before it looks into the queue. If it begins late, it ends although
//! there are jobs left.

use anyhow::{Result, anyhow};
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering::Relaxed, Ordering::SeqCst};
use std::sync::mpsc;
use std::thread;

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];
static IS_CLOSED: AtomicBool = AtomicBool::new(false);

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }
    let (jobs, queue) = mpsc::channel::<&AtomicI32>();
    let worker = thread::spawn(move || {
        while !IS_CLOSED.load(SeqCst) {
            let Ok(number) = queue.recv() else {
                return;
            };
            number.store(-number.load(Relaxed), Relaxed);
            work_a_little();
        }
    });
    for number in NUMBERS.iter().rev() {
        jobs.send(number)?;
    }
    IS_CLOSED.store(true, SeqCst);
    drop(jobs);
    worker.join().map_err(|_| anyhow!("the worker panicked"))?;
    print_slowly(&NUMBERS)
}
