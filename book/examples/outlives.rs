//! Error: E0373
//!
//! A thread borrows a variable of the function that started it.

use std::thread;

fn main() {
    let numbers = vec![1, 2, 3];
    let worker = thread::spawn(|| println!("{numbers:?}"));
    worker.join().expect("the worker does not panic");
}
