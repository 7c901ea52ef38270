//! Verdict: did-not-wait
//!
//! The parent looks for the file until it is there. It may be empty then, and the
//! parent does not wait for the child.

use anyhow::Result;
use common::{NewFile, Process, args, print_line};
use std::thread;
use std::time::Duration;

fn main() -> Result<()> {
    let file = NewFile::at(args::file_name())?;
    let mut writer = Process::new("writer", || write_message(&file));
    writer.start()?;
    while !args::file_name().exists() {
        thread::sleep(Duration::from_millis(20));
    }
    print_line(file.read()?)?;
    file.remove()
}

fn write_message(file: &NewFile) -> Result<()> {
    thread::sleep(Duration::from_secs(1));
    file.write("Now you see me, now you don't")
}
