//! It tries again where another thread was faster.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::thread;

static COUNTER: AtomicU64 = AtomicU64::new(0);

fn main() {
    two(|_| {
        for _ in 0..2 {
            COUNTER
                .fetch_update(Relaxed, Relaxed, |value| Some(value + 1))
                .expect("it is added");
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
