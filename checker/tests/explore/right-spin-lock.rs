//! A lock of an exchange.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::{hint, thread};

static COUNTER: AtomicU64 = AtomicU64::new(0);
static IS_HELD: AtomicBool = AtomicBool::new(false);

fn main() {
    two(|_| {
        for _ in 0..2 {
            while IS_HELD.swap(true, SeqCst) {
                hint::spin_loop();
            }
            let value = COUNTER.load(SeqCst);
            COUNTER.store(value + 1, SeqCst);
            IS_HELD.store(false, SeqCst);
        }
    });
    println!("{}", COUNTER.load(SeqCst));
}

fn two(worker: impl Fn(usize) + Sync) {
    thread::scope(|scope| {
        for i in 0..2 {
            let worker = &worker;
            scope.spawn(move || worker(i));
        }
    });
}
