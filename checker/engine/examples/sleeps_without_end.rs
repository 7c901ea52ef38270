//! Sleeps for a second, again and again.
use std::thread;
use std::time::Duration;

fn main() {
    loop {
        thread::sleep(Duration::from_secs(1));
    }
}
