//! Verdict: left-running
//! The program starts a second process as a watchdog, and believes that dropping its
//! handle ends it. The watchdog goes on for seconds after the program has ended.

#![allow(clippy::zombie_processes, reason = "this is the mistake")]

use anyhow::Result;
use common::{NewFile, Process, args, print_line};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

fn main() -> Result<()> {
    let file = NewFile::at(args::file_name())?;
    let mut writer = Process::new("writer", || {
        thread::sleep(Duration::from_millis(600));
        file.write("Now you see me, now you don't")
    });
    writer.start()?;
    let watchdog = Command::new("sleep")
        .arg("6")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    writer.join()?;
    drop(watchdog);
    print_line(file.read()?)?;
    file.remove()
}
