//! Two threads load, add and store.

mod two_threads;

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use two_threads::two;

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
