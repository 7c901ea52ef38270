//! Verdict: passed
//!
//! Starting a thread takes long, as on a busy machine. A thread that ran at once would end
//! the process before the last one is there.

use common::{Array, Context, Error, args, bad_pointer, exit_code, partial_sum, print_sum, split};
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
    let results: Vec<AtomicI64> = (0..args.num).map(|_| AtomicI64::new(0)).collect();

    let start = Instant::now();
    thread::scope(|scope| {
        let mut workers = Vec::new();
        for (i, part) in split(array.len(), args.num).enumerate() {
            let (part, result) = (&array[part], &results[i]);
            thread::sleep(Duration::from_millis(50));
            let worker = thread::Builder::new()
                .spawn_scoped(scope, move || work(i, part, result))
                .with_context(|| format!("cannot start thread {i}"))?;
            workers.push(worker);
        }

        let mut result = Ok(());
        for (i, worker) in workers.into_iter().enumerate() {
            if worker.join().is_err() {
                result = Err(Error::panicked(format!("thread {i}")));
            }
        }
        result
    })?;

    let sum = results.iter().map(|result| result.load(Relaxed)).sum();
    print_sum(sum, start.elapsed())
}

fn work(i: usize, part: &[i32], result: &AtomicI64) {
    let sum = partial_sum(part);
    if i == 2 {
        // SAFETY: none, the pointer is bad. BUG (on purpose): the thread dies
        // here, and never writes its result.
        unsafe { bad_pointer::<i64>().write_volatile(sum) };
    }
    result.store(sum, Relaxed);
}
