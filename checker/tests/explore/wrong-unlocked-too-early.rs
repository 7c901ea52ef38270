//! The lock is released between the load and the store.

use std::sync::Mutex;
use std::thread;

static COUNTER: Mutex<u64> = Mutex::new(0);

fn main() {
    two(|_| {
        for _ in 0..2 {
            let value = *COUNTER.lock().expect("a lock");
            *COUNTER.lock().expect("a lock") = value + 1;
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
