//! Sleeps when its thread starts another one, which nobody waits for.
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

fn main() {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let _ = sender.send(());
        thread::sleep(Duration::from_millis(50));
        thread::spawn(|| {});
    });
    let _ = receiver.recv();
    thread::sleep(Duration::from_millis(400));
    println!("awake");
}
