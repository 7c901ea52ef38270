//! Compiles.
//!
//! A race condition without a data race.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::thread;

fn main() {
    let counter = AtomicU32::new(0);
    let count = || {
        for _ in 0..100_000 {
            let number = counter.load(Relaxed);
            thread::yield_now();
            counter.store(number + 1, Relaxed);
        }
    };
    thread::scope(|scope| {
        scope.spawn(count);
        scope.spawn(count);
    });
    println!("{}", counter.into_inner());
}
