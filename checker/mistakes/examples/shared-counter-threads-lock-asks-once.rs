//! Verdict: wrong-output
//!
//! A lock of my own, with a condition variable. It asks once whether the lock is free, with `if`:
//! a woken thread takes it, though another one may have it again.

use anyhow::{Result, anyhow};
use common::{Stopwatch, args, print_counter};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Condvar, Mutex};
use std::thread;

#[derive(Default)]
struct Lock {
    is_taken: Mutex<bool>,
    is_free: Condvar,
}

impl Lock {
    fn lock(&self) {
        let mut is_taken = self.is_taken.lock().expect("not poisoned");
        if *is_taken {
            is_taken = self.is_free.wait(is_taken).expect("not poisoned");
        }
        *is_taken = true;
    }

    fn unlock(&self) {
        *self.is_taken.lock().expect("not poisoned") = false;
        self.is_free.notify_one();
    }
}

fn main() -> Result<()> {
    let args = args::counter();
    let counter = AtomicU64::new(0);
    let lock = Lock::default();

    let stopwatch = Stopwatch::start();
    thread::scope(|scope| {
        let mut workers = Vec::new();
        for i in 0..args.num {
            let worker = thread::Builder::new()
                .name(format!("worker {i}"))
                .spawn_scoped(scope, || {
                    for _ in 0..args.increments {
                        if args.is_atomic {
                            counter.fetch_add(1, Relaxed);
                        } else {
                            lock.lock();
                            counter.store(counter.load(Relaxed) + 1, Relaxed);
                            lock.unlock();
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
