//! Verdict: wrong-output
//! The lock of Peterson with its two stores exchanged: the turn before the flag. Two preemptions
//! let two workers in.

use anyhow::{Result, anyhow};
use common::{Stopwatch, args, print_counter};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::SeqCst};
use std::thread;

fn main() -> Result<()> {
    let args = args::counter();
    let counter = &AtomicU64::new(0);
    let tree = &Tree::new(args.num);

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
                            tree.lock(i);
                            add(counter);
                            tree.unlock(i);
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

    print_counter(counter.load(SeqCst), &stopwatch)
}

/// A tree of Peterson locks. Worker `i` begins at a leaf and takes each lock up to the root.
struct Tree {
    leaves: usize,
    wants: Vec<[AtomicBool; 2]>,
    turn: Vec<AtomicUsize>,
}

impl Tree {
    fn new(workers: usize) -> Self {
        let leaves = workers.next_power_of_two().max(2);
        Self {
            leaves,
            wants: (0..leaves).map(|_| Default::default()).collect(),
            turn: (0..leaves).map(|_| AtomicUsize::new(0)).collect(),
        }
    }

    fn lock(&self, i: usize) {
        let mut place = self.leaves + i;
        while place > 1 {
            let (node, side) = (place / 2, place % 2);
            self.turn[node].store(1 - side, SeqCst);
            self.wants[node][side].store(true, SeqCst);
            while self.wants[node][1 - side].load(SeqCst) && self.turn[node].load(SeqCst) != side {
                thread::yield_now();
            }
            place = node;
        }
    }

    fn unlock(&self, i: usize) {
        // From the root down to the leaf.
        for height in (1..=self.leaves.ilog2()).rev() {
            let place = (self.leaves + i) >> (height - 1);
            self.wants[place / 2][place % 2].store(false, SeqCst);
        }
    }
}

fn add(counter: &AtomicU64) {
    let value = counter.load(SeqCst);
    counter.store(value + 1, SeqCst);
}

fn add_atomically(counter: &AtomicU64) {
    counter.fetch_add(1, SeqCst);
}
