//! Verdict: passed
//!
//! The parent waits for any child. It has only one.

use anyhow::{Context, Result, ensure};
use common::{NewFile, WaitStatus, args, exit_child, fork, print_line};
use nix::unistd::ForkResult;
use std::time::Duration;
use std::{io, thread};

const MESSAGE: &str = "Now you see me, now you don't";

fn main() -> Result<()> {
    let file = NewFile::at(args::file_name())?;

    match fork().context("cannot start the writer")? {
        ForkResult::Child => {
            let result = write_message(&file);
            exit_child(result.is_err().into())
        }
        ForkResult::Parent { .. } => {}
    }
    let mut status = 0;
    // SAFETY: the status is written to `status`, which is borrowed for that.
    let waited = unsafe { libc::wait(&raw mut status) };
    if waited == -1 {
        return Err(io::Error::last_os_error()).context("cannot wait for the writer");
    }
    ensure!(status == 0, "the writer {}", WaitStatus::from_raw(status));

    print_line(file.read()?)?;
    file.remove()
}

fn write_message(file: &NewFile) -> Result<()> {
    thread::sleep(Duration::from_secs(1));
    file.write(MESSAGE)
}
