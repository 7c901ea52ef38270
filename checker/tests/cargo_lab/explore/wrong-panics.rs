//! It takes for granted that the first thread comes first.

mod two_threads;

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use two_threads::two;

static COUNTER: AtomicU64 = AtomicU64::new(0);

fn main() {
    two(|i| match i {
        0 => COUNTER.store(1, Relaxed),
        _ => assert_eq!(COUNTER.load(Relaxed), 1),
    });
    println!("{}", COUNTER.load(Relaxed));
}
