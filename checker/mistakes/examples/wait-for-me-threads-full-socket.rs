//! Verdict: passed
//!
//! The numbers are sent through a socket pair, and sent back negated. The socket is full
//! before the thread reads from it.

use anyhow::Result;
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::io::{Read, Write};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::thread;

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];

fn main() -> Result<()> {
    args::none();
    let (mut own_end, end_of_thread) = UnixStream::pair()?;
    let worker = thread::spawn(move || negate_numbers(end_of_thread));
    for number in 1..=400_i32 {
        own_end.write_all(&number.to_ne_bytes())?;
    }
    own_end.shutdown(Shutdown::Write)?;
    let mut answer = [0; 4];
    for number in &NUMBERS {
        own_end.read_exact(&mut answer)?;
        number.store(i32::from_ne_bytes(answer), Relaxed);
    }
    drop(worker.join());
    print_slowly(&NUMBERS)
}

fn negate_numbers(mut socket: UnixStream) -> std::io::Result<()> {
    let mut bytes = Vec::new();
    socket.read_to_end(&mut bytes)?;
    for number in bytes.as_chunks().0 {
        socket.write_all(&(-i32::from_ne_bytes(*number)).to_ne_bytes())?;
        work_a_little();
    }
    Ok(())
}
