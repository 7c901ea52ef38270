//! Verdict: wrong-output
//!
//! Two threads share the work. A thread claims the next number by a load and a store. If both
//! load the same index, they negate that number twice.

use anyhow::{Result, anyhow};
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::sync::atomic::{AtomicI32, AtomicUsize, Ordering::SeqCst};
use std::thread;

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];
static NEXT: AtomicUsize = AtomicUsize::new(0);

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, SeqCst);
    }
    for worker in [0, 1].map(|_| thread::spawn(negate_some)) {
        worker.join().map_err(|_| anyhow!("a thread panicked"))?;
    }
    print_slowly(&NUMBERS)
}

fn negate_some() {
    loop {
        let next = NEXT.load(SeqCst);
        let Some(number) = NUMBERS.get(next) else {
            return;
        };
        NEXT.store(next + 1, SeqCst);
        number
            .fetch_update(SeqCst, SeqCst, |value| Some(-value))
            .ok();
        work_a_little();
    }
}
