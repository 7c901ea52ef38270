//! Numbers are sent to the one that adds.

use std::sync::mpsc;
use std::thread;

fn main() {
    let (sender, receiver) = mpsc::channel();
    for _ in 0..2 {
        let sender = sender.clone();
        thread::spawn(move || sender.send(1));
    }
    drop(sender);
    println!("{}", receiver.iter().sum::<u64>());
}
