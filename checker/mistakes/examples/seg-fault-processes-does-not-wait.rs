//! Verdict: did-not-wait
//!
//! The parent never waits for its children. It sleeps for a second, prints the sum
//! of what is there by then, and cannot know how they ended.

use anyhow::{Context, Result};
use common::{
    Array, SharedSlice, Stopwatch, args, bad_pointer, exit_child, partial_sum, print_sum, split,
    sum_of,
};
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};
use std::time::Duration;
use std::{io, thread};

fn main() -> Result<()> {
    let args = args::seg_fault();
    let array = Array::random(&args.array)?;
    let results = SharedSlice::<AtomicI64>::zeroed(args.num)?;

    let stopwatch = Stopwatch::start();
    for (i, (part, result)) in split(&array, args.num).zip(&results).enumerate() {
        // SAFETY: the threads that filled the array have ended, this is the only
        // one.
        match unsafe { libc::fork() } {
            -1 => {
                return Err(io::Error::last_os_error())
                    .with_context(|| format!("cannot start process {i}"));
            }
            0 => {
                work(i, part, result);
                exit_child(0)
            }
            _ => {}
        }
    }
    thread::sleep(Duration::from_secs(1));

    print_sum(sum_of(&results), &stopwatch)
}

fn work(i: usize, part: &[i32], result: &AtomicI64) {
    let sum = partial_sum(part);
    if i == 2 {
        // SAFETY: none, the pointer is bad. BUG (on purpose): the process dies
        // here, and never writes its result.
        unsafe { bad_pointer::<i64>().write_volatile(sum) };
    }
    result.store(sum, Relaxed);
}
