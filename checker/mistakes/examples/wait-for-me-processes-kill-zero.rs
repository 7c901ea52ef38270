//! Verdict: timed-out
//!
//! Asks with signal 0 whether the process still exists, until it does not. But a child that has
//! ended exists on as a zombie until its parent waits for it, so this never comes to an end.

use anyhow::{Context, Result};
use common::{NewFile, Process, args, print_line};
use nix::sys::signal::kill;
use nix::unistd::Pid;
use std::thread;
use std::time::Duration;

fn main() -> Result<()> {
    let file = NewFile::at(args::file_name())?;

    let mut writer = Process::new("writer", || write_message(&file));
    writer.start()?;
    let pid = writer.pid().context("the writer has no pid")?;

    while exists(pid) {
        thread::sleep(Duration::from_millis(50));
    }

    print_line(file.read()?)?;
    file.remove()
}

/// man 2 kill: "If sig is 0, then no signal is sent, but existence and permission checks are
/// still performed; this can be used to check for the existence of a process ID."
fn exists(pid: Pid) -> bool {
    kill(pid, None).is_ok()
}

fn write_message(file: &NewFile) -> Result<()> {
    thread::sleep(Duration::from_secs(1));
    file.write("Now you see me, now you don't")
}
