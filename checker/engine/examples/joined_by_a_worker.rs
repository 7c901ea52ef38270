//! A thread creates another one and joins it. Main waits for a message of the second one only.
use std::sync::mpsc::channel;
use std::thread::spawn;

fn main() {
    let (sender, receiver) = channel();
    let first = spawn(move || spawn(move || sender.send("sent")).join());
    println!("{}", receiver.recv().expect("a message"));
    drop(first);
}
