//! Error: E0277
//!
//! A reference counter that is not made for threads goes to another thread.

use std::rc::Rc;
use std::thread;

fn main() {
    let numbers = Rc::new(vec![1, 2, 3]);
    let copy = Rc::clone(&numbers);
    let worker = thread::spawn(move || println!("{copy:?}"));
    worker.join().expect("the worker does not panic");
}
