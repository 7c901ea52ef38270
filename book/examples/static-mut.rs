//! Error: E0133
//!
//! A global variable, as in C.

use std::thread;

static mut COUNTER: i32 = 0;

fn main() {
    let worker = thread::spawn(|| COUNTER += 1);
    worker.join().expect("the worker does not panic");
}
