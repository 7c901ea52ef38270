//! Verdict: did-not-wait
//!
//! The child tells its states over a socket, in frames with a length byte. The parent follows with
//! a state machine. It reads the file in the state Written, and a lost connection is an error. It waits for a
//! message, not for the end of the child.

use anyhow::{Result, bail};
use common::{NewFile, Process, args, print_line};
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::thread;
use std::time::Duration;

#[derive(Clone, Copy, Debug, PartialEq)]
enum State {
    Unborn,
    Sleeping(u8),
    Writing,
    Written,
}

fn main() -> Result<()> {
    let file = NewFile::at(args::file_name())?;
    let file = &file;

    let (mut ours, mut theirs) = UnixStream::pair()?;
    let mut writer = Process::new("writer", move || write_message(file, &mut theirs));
    writer.start()?;
    // The closure owns our copy of the child's end. Without it we see when the child hangs up.
    drop(writer);

    let mut state = State::Unborn;
    while state != State::Written {
        let frame = receive(&mut ours)?;
        state = match (state, frame.as_slice()) {
            (State::Unborn, b"born") => State::Sleeping(0),
            (State::Sleeping(n), b"zzz") => State::Sleeping(n + 1),
            (State::Sleeping(10), b"awake") => State::Writing,
            (State::Writing, b"written") => State::Written,
            (state, frame) => bail!("in {state:?} came {:?}", String::from_utf8_lossy(frame)),
        };
    }

    print_line(file.read()?)?;
    file.remove()
}

fn send(stream: &mut UnixStream, text: &str) -> Result<()> {
    stream.write_all(&[u8::try_from(text.len())?])?;
    Ok(stream.write_all(text.as_bytes())?)
}

fn receive(stream: &mut UnixStream) -> Result<Vec<u8>> {
    let mut length = [0];
    stream.read_exact(&mut length)?;
    let mut frame = vec![0; length[0].into()];
    stream.read_exact(&mut frame)?;
    Ok(frame)
}

fn write_message(file: &NewFile, parent: &mut UnixStream) -> Result<()> {
    send(parent, "born")?;
    for _ in 0..10 {
        thread::sleep(Duration::from_millis(100));
        send(parent, "zzz")?;
    }
    send(parent, "awake")?;
    file.write("Now you see me, now you don't")?;
    send(parent, "written")
}
