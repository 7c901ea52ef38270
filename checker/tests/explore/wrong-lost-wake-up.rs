//! A thread waits for a notification that may have come before.

use std::sync::{Condvar, Mutex};
use std::thread;

static LOCK: Mutex<()> = Mutex::new(());
static CHANGED: Condvar = Condvar::new();

fn main() {
    two(|i| {
        let guard = LOCK.lock().expect("a lock");
        if i == 0 {
            CHANGED.notify_one();
        } else {
            drop(CHANGED.wait(guard));
        }
    });
    println!("done");
}

fn two(worker: impl Fn(usize) + Sync) {
    thread::scope(|scope| {
        for i in 0..2 {
            let worker = &worker;
            scope.spawn(move || worker(i));
        }
    });
}
