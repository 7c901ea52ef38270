//! Verdict: did-not-wait
//!
//! The child closes its end of the pipe before it writes the message, and the parent only
//! waits for that.

use anyhow::Result;
use common::{NewFile, args, exit_child, fork, print_line};
use nix::unistd::ForkResult;
use std::io::{self, Read};
use std::thread;
use std::time::Duration;

fn main() -> Result<()> {
    let file = NewFile::at(args::file_name())?;
    let (mut reader, writer_end) = io::pipe()?;
    match fork()? {
        ForkResult::Child => {
            drop(writer_end);
            write_message(&file)?;
            exit_child(0)
        }
        ForkResult::Parent { .. } => drop(writer_end),
    }
    reader.read_to_end(&mut Vec::new())?;
    print_line(file.read()?)?;
    file.remove()
}

fn write_message(file: &NewFile) -> Result<()> {
    thread::sleep(Duration::from_secs(1));
    file.write("Now you see me, now you don't")
}
