//! Verdict: did-not-wait
//!
//! The parent asks for the child for two seconds at most, and then goes on.

use anyhow::{Context, Result};
use common::{NewFile, Process, args, print_line};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use std::thread;
use std::time::Duration;

fn main() -> Result<()> {
    let file = NewFile::at(args::file_name())?;
    let mut writer = Process::new("writer", || write_message(&file));
    writer.start()?;
    let pid = writer.pid().context("it was started")?;
    for _ in 0..200 {
        if waitpid(pid, Some(WaitPidFlag::WNOHANG))? != WaitStatus::StillAlive {
            break;
        }
        thread::sleep(Duration::from_millis(10));
    }
    print_line(file.read()?)?;
    file.remove()
}

fn write_message(file: &NewFile) -> Result<()> {
    thread::sleep(Duration::from_secs(1));
    file.write("Now you see me, now you don't")
}
