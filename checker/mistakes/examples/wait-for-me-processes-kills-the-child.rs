//! Verdict: did-not-wait
//!
//! The parent kills the child instead of waiting for its work. So there is no file, and it
//! fails to read it.

use anyhow::{Context, Result};
use common::{NewFile, args, exit_child, fork, print_line, waitpid};
use nix::sys::signal::{Signal, kill};
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
    kill(writer, Signal::SIGKILL).context("cannot kill the writer")?;
    waitpid(writer)?;

    print_line(file.read()?)?;
    file.remove()
}

fn write_message(file: &NewFile) -> Result<()> {
    thread::sleep(Duration::from_secs(1));
    file.write(MESSAGE)
}
