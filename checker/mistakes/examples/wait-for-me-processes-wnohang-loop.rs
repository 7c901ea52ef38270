//! Verdict: passed
//!
//! The parent asks every 10 ms whether the child has ended, and reads the file only
//! when the answer is yes.

use anyhow::{Context, Result, anyhow};
use common::{NewFile, args, exit_child, fork, print_line};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
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
    let status = loop {
        match waitpid(writer, Some(WaitPidFlag::WNOHANG)).context("cannot wait for the writer")? {
            WaitStatus::StillAlive => thread::sleep(Duration::from_millis(10)),
            status => break status,
        }
    };
    if !matches!(status, WaitStatus::Exited(_, 0)) {
        return Err(anyhow!("the writer failed: {status:?}"));
    }

    print_line(file.read()?)?;
    file.remove()
}

fn write_message(file: &NewFile) -> Result<()> {
    thread::sleep(Duration::from_secs(1));
    file.write(MESSAGE)
}
