//! Two threads load, add and store.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::thread;

static COUNTER: AtomicU64 = AtomicU64::new(0);

fn main() {
    two(|_| {
        for _ in 0..3 {
            let value = COUNTER.load(Relaxed);
            COUNTER.store(value + 1, Relaxed);
        }
    });
    println!("{}", COUNTER.load(Relaxed));
}

fn two(worker: impl Fn(usize) + Sync) {
    thread::scope(|scope| {
        for i in 0..2 {
            let worker = &worker;
            scope.spawn(move || worker(i));
        }
    });
}
