//! A thread writes 1234567 to memory. The program waits in the requested way, and prints that
//! memory.
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering::SeqCst};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

static NUMBER: AtomicI64 = AtomicI64::new(0);
static IS_DONE: AtomicBool = AtomicBool::new(false);

fn main() {
    let how = std::env::args().nth(1).unwrap_or_default();
    let (sender, receiver) = mpsc::channel();
    let (early, is_early) = mpsc::channel();
    let worker = thread::spawn(move || {
        let _ = early.send(());
        for _ in 0..20 {
            thread::sleep(Duration::from_micros(100));
        }
        NUMBER.store(1_234_567, SeqCst);
        let _ = sender.send(1_234_567);
        IS_DONE.store(true, SeqCst);
    });
    let number = match how.as_str() {
        "join" => {
            let _ = worker.join();
            NUMBER.load(SeqCst)
        }
        "message" => receiver.recv().unwrap_or(0),
        "poll" => {
            while !IS_DONE.load(SeqCst) {
                thread::yield_now();
            }
            NUMBER.load(SeqCst)
        }
        "early" => {
            let _ = is_early.recv();
            NUMBER.load(SeqCst)
        }
        "copy" => {
            let _ = worker.join();
            1_234_567
        }
        _ => NUMBER.load(SeqCst),
    };
    println!("{number}");
}
