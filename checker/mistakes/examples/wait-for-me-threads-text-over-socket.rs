//! Verdict: passed
//! The worker negates the numbers and turns them into text, which it sends over a socket
//! pair. Main reads until the end of the stream and only then copies the text to
//! standard output.

use anyhow::{Result, anyhow};
use common::args;
use common::pace::work_a_little;
use std::collections::VecDeque;
use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;
use std::thread;

fn main() -> Result<()> {
    args::none();
    let mut numbers: VecDeque<i32> = (1..=400).collect();
    let (mut reader, mut writer) = UnixStream::pair()?;

    let worker = thread::spawn(move || -> io::Result<()> {
        for number in &mut numbers {
            *number = -*number;
            work_a_little();
        }
        while let Some(number) = numbers.pop_front() {
            write!(writer, "{number};")?;
        }
        writeln!(writer)
    });

    // The stream ends when the worker drops its side of it.
    let mut text = Vec::new();
    reader.read_to_end(&mut text)?;
    io::stdout().write_all(&text)?;
    worker
        .join()
        .map_err(|_| anyhow!("the thread panicked"))??;
    Ok(())
}
