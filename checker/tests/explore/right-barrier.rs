//! Each adds what the other one wrote before the barrier.

use std::sync::Barrier;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::thread;

static COUNTER: AtomicU64 = AtomicU64::new(0);

fn main() {
    let barrier = Barrier::new(2);
    let own = [AtomicU64::new(0), AtomicU64::new(0)];
    two(|i| {
        own[i].store(1, Relaxed);
        barrier.wait();
        COUNTER.fetch_add(own[1 - i].load(Relaxed), Relaxed);
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
