//! Verdict: did-not-wait
//!
//! The parent asks once whether the child has ended, does not care for the answer,
//! and sleeps for a second and a half.

use anyhow::{Context, Result};
use common::{NewFile, args, exit_child, fork, print_line};
use nix::sys::wait::{WaitPidFlag, waitpid};
use nix::unistd::ForkResult;
use std::thread;
use std::time::Duration;

const MESSAGE: &str = "Now you see me, now you don't";

fn main() -> Result<()> {
    let file = NewFile::at(args::file_name())?;

    let writer = match fork().context("cannot start the writer")? {
        ForkResult::Child => {
            let result = write_message(&file);
            exit_child(result.is_err().into())
        }
        ForkResult::Parent { child } => child,
    };
    waitpid(writer, Some(WaitPidFlag::WNOHANG)).context("cannot wait for the writer")?;
    thread::sleep(Duration::from_millis(1500));

    print_line(file.read()?)?;
    file.remove()
}

fn write_message(file: &NewFile) -> Result<()> {
    thread::sleep(Duration::from_secs(1));
    file.write(MESSAGE)
}
