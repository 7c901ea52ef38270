//! Verdict: wrong-output
//!
//! Each two workers share a lock. With two workers this is right, with more it is not.

use anyhow::{Result, anyhow};
use common::{Stopwatch, args, print_counter};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::thread;

fn main() -> Result<()> {
    let args = args::counter();
    let counter = AtomicU64::new(0);
    let locks = [const { Mutex::new(()) }; 512];

    let stopwatch = Stopwatch::start();
    thread::scope(|scope| {
        let mut workers = Vec::new();
        for i in 0..args.num {
            let (counter, lock) = (&counter, &locks[i / 2]);
            let worker = thread::Builder::new()
                .spawn_scoped(scope, move || {
                    for _ in 0..args.increments {
                        if args.is_atomic {
                            counter.fetch_add(1, Relaxed);
                        } else {
                            add_with_lock(counter, lock);
                        }
                    }
                })
                .map_err(|error| anyhow!("cannot start thread {i}: {error}"))?;
            workers.push(worker);
        }
        for worker in workers {
            worker.join().map_err(|_| anyhow!("a thread panicked"))?;
        }
        anyhow::Ok(())
    })?;

    print_counter(counter.load(Relaxed), &stopwatch)
}

fn add_with_lock(counter: &AtomicU64, lock: &Mutex<()>) {
    let _guard = lock.lock();
    let value = counter.load(Relaxed);
    counter.store(value + 1, Relaxed);
}
