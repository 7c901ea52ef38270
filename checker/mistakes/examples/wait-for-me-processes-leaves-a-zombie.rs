//! Verdict: passed
//!
//! The parent waits for the end of the child with WNOWAIT, which keeps its status for a
//! later wait.

use anyhow::{Context, Result};
use common::{NewFile, Process, args, print_line};
use nix::sys::wait::{Id, WaitPidFlag, waitid};
use std::thread;
use std::time::Duration;

fn main() -> Result<()> {
    let file = NewFile::at(args::file_name())?;
    let mut writer = Process::new("writer", || write_message(&file));
    writer.start()?;
    let pid = writer.pid().context("it was started")?;
    waitid(Id::Pid(pid), WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT)?;
    writer.join()?;
    print_line(file.read()?)?;
    file.remove()
}

fn write_message(file: &NewFile) -> Result<()> {
    thread::sleep(Duration::from_secs(1));
    file.write("Now you see me, now you don't")
}
