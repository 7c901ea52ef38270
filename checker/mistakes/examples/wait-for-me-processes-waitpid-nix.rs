//! Verdict: passed
//!
//! The parent waits for the child with `waitpid` of the crate nix.

use anyhow::{Context, Result, anyhow};
use common::{NewFile, args, exit_child, fork, print_line};
use nix::sys::wait::{WaitStatus, waitpid};
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
    match waitpid(writer, None).context("cannot wait for the writer")? {
        WaitStatus::Exited(_, 0) => {}
        status => return Err(anyhow!("the writer failed: {status:?}")),
    }

    print_line(file.read()?)?;
    file.remove()
}

fn write_message(file: &NewFile) -> Result<()> {
    thread::sleep(Duration::from_secs(1));
    file.write(MESSAGE)
}
