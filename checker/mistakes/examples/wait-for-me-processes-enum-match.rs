//! Verdict: passed
//!
//! The textbook solution with the crate nix instead of `join`: waits for the pid of the child,
//! and matches the enum of all ways in which it can end.

use anyhow::{Context, Result, bail};
use common::{NewFile, Process, args, print_line};
use nix::sys::wait::{WaitStatus, waitpid};
use std::thread;
use std::time::Duration;

fn main() -> Result<()> {
    let file = NewFile::at(args::file_name())?;

    let mut writer = Process::new("writer", || write_message(&file));
    writer.start()?;
    let pid = writer.pid().context("the writer has no pid")?;

    match waitpid(pid, None).context("waitpid")? {
        WaitStatus::Exited(_, 0) => {}
        WaitStatus::Exited(_, code) => bail!("the writer failed with exit status {code}"),
        WaitStatus::Signaled(_, signal, _) => bail!("the writer was killed by {signal}"),
        other => bail!("the writer has not ended? {other:?}"),
    }

    print_line(file.read()?)?;
    file.remove()
}

fn write_message(file: &NewFile) -> Result<()> {
    thread::sleep(Duration::from_secs(1));
    file.write("Now you see me, now you don't")
}
