//! Verdict: did-not-wait
//! The worker sends its message through a pipe before it does the work. So main, which
//! waits for that message and not for the work, prints too early.

use anyhow::Result;
use common::args;
use common::pace::print_slowly;
use std::io::{self, Read, Write};
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::thread;
use std::time::Duration;

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }
    let (mut reader, mut writer) = io::pipe()?;
    thread::spawn(move || {
        let _ = writer.write_all(b"done");
        for number in NUMBERS.iter().rev() {
            thread::sleep(Duration::from_millis(1));
            number.store(-number.load(Relaxed), Relaxed);
        }
    });
    let mut message = [0; 4];
    reader.read_exact(&mut message)?;
    print_slowly(&NUMBERS)
}
