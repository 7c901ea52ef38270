//! Two threads take two locks in two orders.

use std::sync::Mutex;
use std::thread;

static A: Mutex<u64> = Mutex::new(0);
static B: Mutex<u64> = Mutex::new(0);

fn main() {
    two(|i| {
        let (first, second) = if i == 0 { (&A, &B) } else { (&B, &A) };
        let _first = first.lock().expect("a lock");
        *second.lock().expect("a lock") += 1;
    });
    println!("{}", A.lock().expect("a lock"));
}

fn two(worker: impl Fn(usize) + Sync) {
    thread::scope(|scope| {
        for i in 0..2 {
            let worker = &worker;
            scope.spawn(move || worker(i));
        }
    });
}
