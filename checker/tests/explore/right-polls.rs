//! It sleeps until the value is there.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::thread;
use std::time::Duration;

static COUNTER: AtomicU64 = AtomicU64::new(0);

fn main() {
    let worker = thread::spawn(|| COUNTER.store(7, Relaxed));
    while COUNTER.load(Relaxed) == 0 {
        thread::sleep(Duration::from_millis(1));
    }
    worker.join().expect("it does not panic");
    println!("{}", COUNTER.load(Relaxed));
}
