//! Verdict: passed
//!
//! Lamport's bakery: a lock of loads and stores only (SeqCst). It is held for up to 1000
//! increments, since it is slow.

use anyhow::{Result, anyhow};
use common::{Stopwatch, args, print_counter};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::thread;

struct Bakery {
    choosing: Vec<AtomicBool>,
    number: Vec<AtomicU64>,
}

impl Bakery {
    fn new(customers: usize) -> Self {
        Self {
            choosing: (0..customers).map(|_| AtomicBool::new(false)).collect(),
            number: (0..customers).map(|_| AtomicU64::new(0)).collect(),
        }
    }

    fn lock(&self, me: usize) {
        self.choosing[me].store(true, SeqCst);
        let highest = self
            .number
            .iter()
            .map(|n| n.load(SeqCst))
            .max()
            .unwrap_or(0);
        let mine = highest + 1;
        self.number[me].store(mine, SeqCst);
        self.choosing[me].store(false, SeqCst);

        for other in (0..self.number.len()).filter(|&other| other != me) {
            while self.choosing[other].load(SeqCst) {
                thread::yield_now();
            }
            loop {
                let theirs = self.number[other].load(SeqCst);
                if theirs == 0 || (mine, me) < (theirs, other) {
                    break;
                }
                thread::yield_now();
            }
        }
    }

    fn unlock(&self, me: usize) {
        self.number[me].store(0, SeqCst);
    }
}

fn main() -> Result<()> {
    let args = args::counter();
    let counter = AtomicU64::new(0);
    let bakery = Bakery::new(args.num);

    let stopwatch = Stopwatch::start();
    thread::scope(|scope| {
        let mut workers = Vec::new();
        for me in 0..args.num {
            let (counter, bakery) = (&counter, &bakery);
            let work = move || {
                if args.is_atomic {
                    for _ in 0..args.increments {
                        counter.fetch_add(1, SeqCst);
                    }
                    return;
                }
                let mut left = args.increments;
                while left > 0 {
                    let now = left.min(1000);
                    bakery.lock(me);
                    for _ in 0..now {
                        let value = counter.load(SeqCst);
                        counter.store(value + 1, SeqCst);
                    }
                    bakery.unlock(me);
                    left -= now;
                }
            };
            let worker = thread::Builder::new()
                .name(format!("customer {me}"))
                .spawn_scoped(scope, work)
                .map_err(|error| anyhow!("cannot start thread {me}: {error}"))?;
            workers.push(worker);
        }
        for (i, worker) in workers.into_iter().enumerate() {
            worker.join().map_err(|_| anyhow!("thread {i} panicked"))?;
        }
        anyhow::Ok(())
    })?;

    print_counter(counter.load(SeqCst), &stopwatch)
}
