//! It sleeps in the place of a wait.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::thread;
use std::time::Duration;

static COUNTER: AtomicU64 = AtomicU64::new(0);

fn main() {
    thread::spawn(|| COUNTER.store(7, Relaxed));
    thread::sleep(Duration::from_secs(1));
    println!("{}", COUNTER.load(Relaxed));
}
