//! Verdict: did-not-wait
//!
//! The parent waits: for the command `sleep`, which takes longer than the child.

use anyhow::Result;
use common::{NewFile, Process, args, print_line};
use std::process::Command;
use std::thread;
use std::time::Duration;

fn main() -> Result<()> {
    let file = NewFile::at(args::file_name())?;
    let mut writer = Process::new("writer", || write_message(&file));
    writer.start()?;
    Command::new("sleep").arg("2").status()?;
    print_line(file.read()?)?;
    file.remove()
}

fn write_message(file: &NewFile) -> Result<()> {
    thread::sleep(Duration::from_secs(1));
    file.write("Now you see me, now you don't")
}
