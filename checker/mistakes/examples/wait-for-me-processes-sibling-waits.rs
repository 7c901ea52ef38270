//! Verdict: did-not-wait
//!
//! Starts a second process that shall wait for the first one. But a process can wait for its own
//! children only, not for a brother: it ends at once, and the parent reads too early.

use anyhow::{Context, Result};
use common::{NewFile, Process, args, print_line, report, waitpid};
use std::thread;
use std::time::Duration;

fn main() -> Result<()> {
    let file = NewFile::at(args::file_name())?;

    let mut writer = Process::new("writer", || write_message(&file));
    writer.start()?;
    let pid = writer.pid().context("the writer has no pid")?;

    // A process whose only job is to wait, so that the parent could do something useful meanwhile.
    let mut waiter = Process::new("waiter", || {
        waitpid(pid)?;
        Ok(())
    });
    waiter.start()?;
    if let Err(error) = waiter.join() {
        report(format!("strange: {error}"));
    }

    print_line(file.read()?)?;
    file.remove()
}

fn write_message(file: &NewFile) -> Result<()> {
    thread::sleep(Duration::from_secs(1));
    file.write("Now you see me, now you don't")
}
