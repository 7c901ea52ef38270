//! Memory corruption, with processes.
//!
//! Processes sum the parts of an array of numbers from 1 to 100. With a second
//! argument, one more process overwrites all of the array with -1000.
//!
//! ```console
//! $ cargo run -p memory-corruption --bin processes -- 4
//! $ cargo run -p memory-corruption --bin processes -- 4 corrupt
//! ```
//!
//! Watch the sum: it is right both times. What is it then that the corrupting
//! process writes to? Then try the same with `threads`.

use common::pace::unhurried_sum;
use common::{Array, Error, Process, SharedSlice, args, exit_code, print_sum, split};
use std::process::ExitCode;
use std::sync::atomic::{AtomicI32, AtomicI64, Ordering::Relaxed};
use std::time::Instant;

fn main() -> ExitCode {
    exit_code(run())
}

fn run() -> Result<(), Error> {
    let (args, do_corruption) = args::corruption()?;
    let mut array = Array::random(&args.array)?;
    let array = array.as_atomics();
    let results = SharedSlice::<AtomicI64>::zeroed(args.num)?;

    let start = Instant::now();
    let mut workers = Vec::new();
    for (i, part) in split(array.len(), args.num).enumerate() {
        let (part, result) = (&array[part], &results[i]);
        let mut worker = Process::new(format!("process {i}"), || {
            result.store(unhurried_sum(part), Relaxed);
            Ok(())
        });
        worker.start()?;
        workers.push(worker);
    }
    if do_corruption {
        let mut worker = Process::new("the corrupting process", || {
            corrupt(array);
            Ok(())
        });
        worker.start()?;
        workers.push(worker);
    }

    for worker in &mut workers {
        worker.join()?;
    }

    let sum = results.iter().map(|result| result.load(Relaxed)).sum();
    print_sum(sum, start.elapsed())
}

/// BUG (on purpose): it writes to what it has no business with.
fn corrupt(array: &[AtomicI32]) {
    for number in array {
        number.store(-1000, Relaxed);
    }
}
