//! Verdict: passed
//!
//! Divide and conquer, as in the lecture on algorithms: a thread splits its part into halves,
//! gives one to a new thread, does the other, and its scope joins. `main` joins the root.

use anyhow::{Result, anyhow};
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::thread;

const SMALL_ENOUGH: usize = 100;

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }

    let root = thread::Builder::new()
        .name("root".to_owned())
        .spawn(|| negate(&NUMBERS))?;
    root.join()
        .map_err(|_| anyhow!("a thread of the tree panicked"))?;

    print_slowly(&NUMBERS)
}

fn negate(part: &[AtomicI32]) {
    if part.len() <= SMALL_ENOUGH {
        for number in part.iter().rev() {
            number.store(-number.load(Relaxed), Relaxed);
            work_a_little();
        }
        return;
    }
    let (left, right) = part.split_at(part.len() / 2);
    thread::scope(|scope| {
        scope.spawn(|| negate(right));
        negate(left);
    });
}
