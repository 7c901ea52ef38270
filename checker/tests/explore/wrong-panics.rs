//! It takes for granted that the first thread comes first.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::thread;

static COUNTER: AtomicU64 = AtomicU64::new(0);

fn main() {
    two(|i| match i {
        0 => COUNTER.store(1, Relaxed),
        _ => assert_eq!(COUNTER.load(Relaxed), 1),
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
