//! Verdict: passed
//!
//! The thread is a little server at the other end of a Unix socket: the main thread sends the
//! request "NEGATE", gets a line of progress for each row, and prints after "250 done".

use anyhow::{Result, bail};
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::io::{self, BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::thread;

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }

    let (mut client, server) = UnixStream::pair()?;
    thread::spawn(move || serve(server));

    writeln!(client, "NEGATE")?;
    let mut rows = 0;
    let mut answers = BufReader::new(client).lines();
    loop {
        let Some(answer) = answers.next() else {
            bail!("the server hung up after {rows} rows");
        };
        match answer?.split_once(' ') {
            Some(("150", _)) => rows += 1,
            Some(("250", _)) => break,
            other => bail!("the server says {other:?}"),
        }
    }

    print_slowly(&NUMBERS)
}

fn serve(stream: UnixStream) -> io::Result<()> {
    let mut requests = BufReader::new(stream.try_clone()?);
    let mut stream = stream;
    let mut request = String::new();
    while requests.read_line(&mut request)? > 0 {
        if request.trim_end() == "NEGATE" {
            negate_numbers(&mut stream)?;
            writeln!(stream, "250 done")?;
        } else {
            writeln!(stream, "500 what?")?;
        }
        request.clear();
    }
    Ok(())
}

fn negate_numbers(progress: &mut UnixStream) -> io::Result<()> {
    for (row, numbers) in NUMBERS.chunks(16).enumerate().rev() {
        for number in numbers.iter().rev() {
            number.store(-number.load(Relaxed), Relaxed);
            work_a_little();
        }
        writeln!(progress, "150 row {row} is negative")?;
    }
    Ok(())
}
