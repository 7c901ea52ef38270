//! Ends at once. So does, or prints, or sleeps for an hour, a thread that nobody waits
//! for.
use std::thread;
use std::time::Duration;

fn main() {
    thread::spawn(|| match std::env::args().nth(1).as_deref() {
        Some("exit") => std::process::exit(0),
        Some("sleep") => thread::sleep(Duration::from_secs(3600)),
        _ => {
            thread::sleep(Duration::from_millis(5));
            println!("done");
        }
    });
}
