//! Verdict: passed
//!
//! Two threads take turns by a socket pair. The main thread reads a pipe to its end, and checks
//! that both have finished.

use anyhow::{Context, Result, ensure};
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::io::{self, PipeWriter, Read, Write};
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::thread;

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }
    let (lower, upper) = NUMBERS.split_at(200);
    let (left, right) = UnixStream::pair().context("no socketpair")?;
    let (mut reader, left_end) = io::pipe().context("no pipe")?;
    let right_end = left_end.try_clone().context("no second writer")?;
    thread::spawn(move || serve(upper, left, left_end));
    thread::spawn(move || answer(lower, right, right_end));

    let mut ends = Vec::new();
    reader.read_to_end(&mut ends).context("cannot read")?;
    ensure!(ends.len() == 2, "{} of 2 workers have finished", ends.len());
    print_slowly(&NUMBERS)
}

/// Does a piece of work, hands the ball over, and waits for its return.
fn serve(part: &[AtomicI32], mut partner: UnixStream, mut end: PipeWriter) -> io::Result<()> {
    let mut ball = [b'o'];
    for piece in part.rchunks(50) {
        negate(piece);
        partner.write_all(&ball)?;
        partner.read_exact(&mut ball)?;
    }
    end.write_all(b"s")
}

/// Waits for the ball, does a piece of work, and hands the ball back.
fn answer(part: &[AtomicI32], mut partner: UnixStream, mut end: PipeWriter) -> io::Result<()> {
    let mut ball = [0];
    for piece in part.rchunks(50) {
        partner.read_exact(&mut ball)?;
        negate(piece);
        partner.write_all(&ball)?;
    }
    end.write_all(b"a")
}

fn negate(part: &[AtomicI32]) {
    for number in part.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}
