//! Compiles.
//!
//! The same in one step that cannot be divided.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::thread;

fn main() {
    let counter = AtomicU32::new(0);
    let count = || {
        for _ in 0..100_000 {
            counter.fetch_add(1, Relaxed);
            thread::yield_now();
        }
    };
    thread::scope(|scope| {
        scope.spawn(count);
        scope.spawn(count);
    });
    println!("{}", counter.into_inner());
}
