//! It waits for a thread that waits for it.

use std::sync::Mutex;
use std::thread;

static SUM: Mutex<i32> = Mutex::new(0);

fn main() {
    let sum = SUM.lock();
    let worker = thread::spawn(add);
    worker.join().expect("no panic"); // here
    println!("{sum:?}");
}

fn add() {
    if let Ok(mut sum) = SUM.lock() { // here too
        *sum += 1;
    }
}
