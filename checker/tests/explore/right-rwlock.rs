//! A lock for readers and writers.

use std::sync::RwLock;
use std::thread;

static COUNTER: RwLock<u64> = RwLock::new(0);

fn main() {
    two(|_| {
        for _ in 0..2 {
            *COUNTER.write().expect("a lock") += 1;
        }
    });
    println!("{}", COUNTER.read().expect("a lock"));
}

fn two(worker: impl Fn(usize) + Sync) {
    thread::scope(|scope| {
        for i in 0..2 {
            let worker = &worker;
            scope.spawn(move || worker(i));
        }
    });
}
