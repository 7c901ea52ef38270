//! Verdict: crashed
//!
//! The lock guards a u16 that counts the additions for statistics. It overflows at 65,536: this
//! worker panics with the lock held, and poison makes the others panic too.

use anyhow::{Result, anyhow};
use common::{Stopwatch, args, print_counter};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::thread;

fn main() -> Result<()> {
    let args = args::counter();
    let counter = AtomicU64::new(0);
    let additions = Mutex::new(0_u16);
    let (counter, additions) = (&counter, &additions);

    let stopwatch = Stopwatch::start();
    thread::scope(|scope| {
        let mut workers = Vec::new();
        for i in 0..args.num {
            let worker = thread::Builder::new()
                .name(format!("worker {i}"))
                .spawn_scoped(scope, move || {
                    for _ in 0..args.increments {
                        if args.is_atomic {
                            add_atomically(counter);
                        } else {
                            add_with_lock(counter, additions);
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

fn add_atomically(counter: &AtomicU64) {
    counter.fetch_add(1, Relaxed);
}

fn add_with_lock(counter: &AtomicU64, additions: &Mutex<u16>) {
    let mut additions = additions.lock().expect("no thread panics");
    *additions += 1;
    let value = counter.load(Relaxed);
    counter.store(value + 1, Relaxed);
}
