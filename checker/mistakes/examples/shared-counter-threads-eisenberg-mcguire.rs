//! Verdict: passed
//!
//! The lock of Eisenberg and McGuire for n threads (SeqCst), by the paper.

use anyhow::{Result, anyhow};
use common::{Stopwatch, args, print_counter};
use std::sync::atomic::{
    AtomicU64, AtomicUsize,
    Ordering::{Relaxed, SeqCst},
};
use std::thread;

const IDLE: usize = 0;
const WANTS: usize = 1;
const ACTIVE: usize = 2;

/// The lock of Eisenberg and McGuire.
struct Rotation {
    state: Vec<AtomicUsize>,
    turn: AtomicUsize,
}

impl Rotation {
    fn new(num: usize) -> Self {
        Self {
            state: (0..num).map(|_| AtomicUsize::new(IDLE)).collect(),
            turn: AtomicUsize::new(0),
        }
    }

    fn lock(&self, me: usize) {
        let num = self.state.len();
        loop {
            self.state[me].store(WANTS, SeqCst);
            let mut k = self.turn.load(SeqCst);
            while k != me {
                if self.state[k].load(SeqCst) == IDLE {
                    k = (k + 1) % num;
                } else {
                    thread::yield_now();
                    k = self.turn.load(SeqCst);
                }
            }
            self.state[me].store(ACTIVE, SeqCst);
            let mut all = self.state.iter().enumerate();
            let is_alone = all.all(|(k, state)| k == me || state.load(SeqCst) != ACTIVE);
            let turn = self.turn.load(SeqCst);
            if is_alone && (turn == me || self.state[turn].load(SeqCst) == IDLE) {
                self.turn.store(me, SeqCst);
                return;
            }
        }
    }

    fn unlock(&self, me: usize) {
        let num = self.state.len();
        let mut next = (me + 1) % num;
        while self.state[next].load(SeqCst) == IDLE {
            next = (next + 1) % num;
        }
        self.turn.store(next, SeqCst);
        self.state[me].store(IDLE, SeqCst);
    }
}

fn main() -> Result<()> {
    let args = args::counter();
    let counter = AtomicU64::new(0);
    let lock = Rotation::new(args.num);
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

fn add_with_lock(counter: &AtomicU64, lock: &Rotation, i: usize) {
    lock.lock(i);
    let value = counter.load(SeqCst);
    counter.store(value + 1, SeqCst);
    lock.unlock(i);
}
