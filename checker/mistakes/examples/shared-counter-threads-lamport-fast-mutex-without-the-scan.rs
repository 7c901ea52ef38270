//! Verdict: wrong-output
//!
//! Lamport's fast mutex, but after a collision a thread looks at y at once and does not wait for
//! the other flags to go down: the other may enter by the fast path, and both are in.

use anyhow::{Result, anyhow};
use common::{Stopwatch, args, print_counter};
use std::sync::atomic::{
    AtomicBool, AtomicU64, AtomicUsize,
    Ordering::{Relaxed, SeqCst},
};
use std::thread;

/// The fast mutex of Lamport. Numbers of threads begin at 1; 0 is no thread.
struct FastMutex {
    x: AtomicUsize,
    y: AtomicUsize,
    wants: Vec<AtomicBool>,
}

impl FastMutex {
    fn new(num: usize) -> Self {
        Self {
            x: AtomicUsize::new(0),
            y: AtomicUsize::new(0),
            wants: (0..num).map(|_| AtomicBool::new(false)).collect(),
        }
    }

    fn lock(&self, i: usize) {
        let me = i + 1;
        loop {
            self.wants[i].store(true, SeqCst);
            self.x.store(me, SeqCst);
            if self.y.load(SeqCst) != 0 {
                self.wants[i].store(false, SeqCst);
                self.wait_until_free();
                continue;
            }
            self.y.store(me, SeqCst);
            if self.x.load(SeqCst) == me {
                return;
            }
            self.wants[i].store(false, SeqCst);
            if self.y.load(SeqCst) == me {
                return;
            }
            self.wait_until_free();
        }
    }

    fn unlock(&self, i: usize) {
        self.y.store(0, SeqCst);
        self.wants[i].store(false, SeqCst);
    }

    fn wait_until_free(&self) {
        while self.y.load(SeqCst) != 0 {
            thread::yield_now();
        }
    }
}

fn main() -> Result<()> {
    let args = args::counter();
    let counter = AtomicU64::new(0);
    let lock = FastMutex::new(args.num);
    let (counter, lock) = (&counter, &lock);

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
                            add_with_lock(counter, lock, i);
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

fn add_with_lock(counter: &AtomicU64, lock: &FastMutex, i: usize) {
    lock.lock(i);
    let value = counter.load(SeqCst);
    counter.store(value + 1, SeqCst);
    lock.unlock(i);
}
