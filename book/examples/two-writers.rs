//! Error: E0499
//!
//! Two threads write to one variable.

use std::thread;

fn main() {
    let mut counter = 0;
    thread::scope(|scope| {
        scope.spawn(|| counter += 1);
        scope.spawn(|| counter += 1);
    });
    println!("{counter}");
}
