//! Starts as many threads as its first argument says, and ends with 1 if it cannot.
use std::thread;

fn main() {
    let count = std::env::args().nth(1).and_then(|count| count.parse().ok());
    let start = |_| thread::Builder::new().spawn(thread::park);
    let threads: Result<Vec<_>, _> = (0..count.unwrap_or(1)).map(start).collect();
    std::process::exit(i32::from(threads.is_err()));
}
