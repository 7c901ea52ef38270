//! Verdict: timed-out
//! The parent sends signal 0 to the child again and again until the child is gone. But a
//! child stays as a zombie until its parent waits for it, so this loop has no end.

use anyhow::{Context, Result};
use common::{NewFile, Process, args, print_line};
use nix::sys::signal::kill;
use std::thread;
use std::time::Duration;

fn main() -> Result<()> {
    let file = NewFile::at(args::file_name())?;
    let mut writer = Process::new("writer", || {
        thread::sleep(Duration::from_secs(1));
        file.write("Now you see me, now you don't")
    });
    writer.start()?;
    let pid = writer.pid().context("it was started")?;
    while kill(pid, None).is_ok() {
        thread::sleep(Duration::from_millis(20));
    }
    print_line(file.read()?)?;
    file.remove()
}
