//! Prints its id, and waits.
use std::thread;
use std::time::Duration;

fn main() {
    std::fs::write("id", std::process::id().to_string()).expect("it can be written");
    println!("{}", std::process::id());
    thread::sleep(Duration::from_secs(60));
}
