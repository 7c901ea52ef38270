//! Verdict: passed
//!
//! A lock of my own: those who wait stand in a queue and are parked, and the one who leaves
//! hands the lock over and unparks the next.

use anyhow::{Result, anyhow};
use common::{Stopwatch, args, print_counter};
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::*};
use std::sync::{Arc, Mutex};
use std::thread::{self, Thread};

struct Waiter {
    thread: Thread,
    is_mine: AtomicBool,
}

#[derive(Default)]
struct Queue {
    is_taken: bool,
    waiters: VecDeque<Arc<Waiter>>,
}

#[derive(Default)]
struct ParkLock(Mutex<Queue>);

impl ParkLock {
    fn with<T>(&self, critical: impl FnOnce() -> T) -> T {
        self.lock();
        let result = critical();
        self.unlock();
        result
    }

    fn lock(&self) {
        let mut queue = self.0.lock().expect("not poisoned");
        if !queue.is_taken {
            queue.is_taken = true;
            return;
        }
        let me = Arc::new(Waiter {
            thread: thread::current(),
            is_mine: AtomicBool::new(false),
        });
        queue.waiters.push_back(me.clone());
        drop(queue);
        // `park` may return without a reason.
        while !me.is_mine.load(Acquire) {
            thread::park();
        }
    }

    fn unlock(&self) {
        let mut queue = self.0.lock().expect("not poisoned");
        match queue.waiters.pop_front() {
            None => queue.is_taken = false,
            Some(next) => {
                drop(queue);
                next.is_mine.store(true, Release);
                next.thread.unpark();
            }
        }
    }
}

fn main() -> Result<()> {
    let args = args::counter();
    let counter = AtomicU64::new(0);
    let lock = ParkLock::default();

    let stopwatch = Stopwatch::start();
    thread::scope(|scope| {
        let mut workers = Vec::new();
        for i in 0..args.num {
            let worker = thread::Builder::new()
                .name(format!("worker {i}"))
                .spawn_scoped(scope, || {
                    for _ in 0..args.increments {
                        if args.is_atomic {
                            // Adding 1 is to subtract -1.
                            counter.fetch_sub(u64::MAX, Relaxed);
                        } else {
                            lock.with(|| counter.store(counter.load(Relaxed) + 1, Relaxed));
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
