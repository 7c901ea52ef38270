//! Verdict: did-not-wait
//!
//! The parent never waits for its children. It sleeps for a second, prints the sum
//! of what is there by then, and cannot know how they ended.

use common::{
    Array, Context, Error, SharedSlice, args, bad_pointer, exit_code, partial_sum, print_sum,
    run_child, split,
};
use std::io;
use std::process::ExitCode;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};
use std::thread;
use std::time::{Duration, Instant};

fn main() -> ExitCode {
    exit_code(run())
}

fn run() -> Result<(), Error> {
    let args = args::sum()?;
    let array = Array::random(&args.array)?;
    let results = SharedSlice::<AtomicI64>::zeroed(args.num)?;

    let start = Instant::now();
    for (i, part) in split(array.len(), args.num).enumerate() {
        let (part, result) = (&array[part], &results[i]);
        // SAFETY: the threads that filled the array have ended, this is the only
        // one.
        match unsafe { libc::fork() } {
            -1 => {
                return Err(io::Error::last_os_error())
                    .with_context(|| format!("cannot start process {i}"));
            }
            0 => run_child(|| {
                work(i, part, result);
                Ok(())
            }),
            _ => {}
        }
    }
    thread::sleep(Duration::from_secs(1));

    let sum = results.iter().map(|result| result.load(Relaxed)).sum();
    print_sum(sum, start.elapsed())
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
