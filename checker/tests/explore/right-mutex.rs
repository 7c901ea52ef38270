//! A lock.

use std::sync::Mutex;
use std::thread;

static COUNTER: Mutex<u64> = Mutex::new(0);

fn main() {
    two(|_| {
        for _ in 0..2 {
            *COUNTER.lock().expect("a lock") += 1;
        }
    });
    println!("{}", COUNTER.lock().expect("a lock"));
}

fn two(worker: impl Fn(usize) + Sync) {
    thread::scope(|scope| {
        for i in 0..2 {
            let worker = &worker;
            scope.spawn(move || worker(i));
        }
    });
}
