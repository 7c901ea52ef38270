//! The main thread ends at once. A detached thread ends at once too, or it prints, sleeps for
//! an hour, or sleeps for a moment again and again.
use std::thread;
use std::time::Duration;

fn main() {
    thread::spawn(|| match std::env::args().nth(1).as_deref() {
        Some("exit") => std::process::exit(0),
        Some("sleep") => thread::sleep(Duration::from_secs(3600)),
        Some("tick") => loop {
            thread::sleep(Duration::from_micros(100));
        },
        _ => {
            thread::sleep(Duration::from_millis(5));
            println!("done");
        }
    });
}
