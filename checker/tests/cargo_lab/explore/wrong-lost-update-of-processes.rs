//! Two processes load, add and store.

mod two_processes;

use common::SharedSlice;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};
use two_processes::two;

fn main() {
    let cells = SharedSlice::<AtomicI64>::zeroed(1).expect("memory");
    let counter = &cells[0];
    two(|| {
        for _ in 0..3 {
            counter.store(counter.load(Relaxed) + 1, Relaxed);
        }
    });
    println!("{}", counter.load(Relaxed));
}
