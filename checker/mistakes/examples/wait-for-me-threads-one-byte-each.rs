//! Verdict: wrong-output
//! The worker sends each negated number as a single byte, its lowest one. From -129 on,
//! main gets other numbers than the worker meant.

use anyhow::{Result, anyhow};
use common::args;
use common::pace::work_a_little;
use std::sync::mpsc;
use std::thread;

fn main() -> Result<()> {
    args::none();
    let (sender, receiver) = mpsc::channel();
    let worker = thread::spawn(move || {
        for number in 1..=400_i32 {
            let negative = -number;
            work_a_little();
            let [lowest, ..] = negative.to_le_bytes();
            if sender.send(lowest).is_err() {
                break;
            }
        }
    });
    worker.join().map_err(|_| anyhow!("the thread panicked"))?;
    for byte in receiver {
        print!("{} ", i8::from_le_bytes([byte]));
    }
    println!();
    Ok(())
}
