//! Verdict: did-not-wait
//!
//! The child hands the writing on to a grandchild, and ends a second and a half later without
//! waiting for it. The parent joins the child: a real wait, for the end of the wrong process.

use anyhow::Result;
use common::{NewFile, Process, args, print_line};
use std::thread;
use std::time::Duration;

fn main() -> Result<()> {
    let file = NewFile::at(args::file_name())?;

    let mut manager = Process::new("manager", || delegate(&file));
    manager.start()?;

    manager.join()?;

    print_line(file.read()?)?;
    file.remove()
}

fn delegate(file: &NewFile) -> Result<()> {
    let mut writer = Process::new("writer", || write_message(file));
    writer.start()?;
    thread::sleep(Duration::from_millis(1500));
    Ok(())
}

fn write_message(file: &NewFile) -> Result<()> {
    thread::sleep(Duration::from_secs(1));
    file.write("Now you see me, now you don't")
}
