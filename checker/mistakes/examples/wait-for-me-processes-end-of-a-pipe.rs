//! Verdict: passed
//!
//! The child has the only end of a pipe that one can write to. The parent reads until the
//! end, and then waits.

use anyhow::Result;
use common::{NewFile, args, exit_child, fork, print_line, waitpid};
use nix::unistd::ForkResult;
use std::io::{self, Read};
use std::thread;
use std::time::Duration;

fn main() -> Result<()> {
    let file = NewFile::at(args::file_name())?;
    let (mut reader, writer_end) = io::pipe()?;
    let writer = match fork()? {
        ForkResult::Child => {
            let _open = writer_end;
            write_message(&file)?;
            exit_child(0)
        }
        ForkResult::Parent { child } => child,
    };
    drop(writer_end);
    reader.read_to_end(&mut Vec::new())?;
    waitpid(writer)?;
    print_line(file.read()?)?;
    file.remove()
}

fn write_message(file: &NewFile) -> Result<()> {
    thread::sleep(Duration::from_secs(1));
    file.write("Now you see me, now you don't")
}
