//! Verdict: wrong-output
//!
//! Each worker adds as long as the sum is not reached.

use anyhow::{Result, anyhow};
use common::{Stopwatch, args, print_counter};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::thread;

fn main() -> Result<()> {
    let args = args::counter();
    let counter = AtomicU64::new(0);
    let lock = Mutex::new(());
    let goal = args.num as u64 * u64::from(args.increments);

    let stopwatch = Stopwatch::start();
    thread::scope(|scope| {
        let mut workers = Vec::new();
        for i in 0..args.num {
            let worker = thread::Builder::new()
                .name(format!("worker {i}"))
                .spawn_scoped(scope, || {
                    // A fast worker does more than a slow one.
                    while counter.load(Relaxed) < goal {
                        if args.is_atomic {
                            counter.fetch_add(1, Relaxed);
                        } else {
                            let _guard = lock.lock().expect("not poisoned");
                            let value = counter.load(Relaxed);
                            counter.store(value + 1, Relaxed);
                        }
                    }
                })
                .map_err(|error| anyhow!("cannot start thread {i}: {error}"))?;
            workers.push(worker);
        }
        for (i, worker) in workers.into_iter().enumerate() {
            worker.join().map_err(|_| anyhow!("thread {i} panicked"))?;
        }
        anyhow::Ok(())
    })?;

    print_counter(counter.load(Relaxed), &stopwatch)
}
