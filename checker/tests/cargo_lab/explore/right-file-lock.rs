//! Two processes lock a file.

mod two_processes;

use common::SharedSlice;
use std::fs::File;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};
use two_processes::two;

fn main() {
    let cells = SharedSlice::<AtomicI64>::zeroed(1).expect("memory");
    let counter = &cells[0];
    File::create("lock").expect("a file");
    two(|| {
        let file = File::open("lock").expect("a file");
        for _ in 0..2 {
            file.lock().expect("a lock");
            counter.store(counter.load(Relaxed) + 1, Relaxed);
            file.unlock().expect("a lock");
        }
    });
    println!("{}", counter.load(Relaxed));
}
