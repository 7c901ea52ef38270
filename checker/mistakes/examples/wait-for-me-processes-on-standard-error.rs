//! Verdict: wrong-output
//!
//! It prints the message on standard error.

use anyhow::Result;
use common::{NewFile, Process, args};
use std::thread;
use std::time::Duration;

fn main() -> Result<()> {
    let file = NewFile::at(args::file_name())?;

    let mut writer = Process::new("writer", || write_message(&file));
    writer.start()?;

    writer.join()?;

    eprintln!("{}", file.read()?);
    file.remove()
}

fn write_message(file: &NewFile) -> Result<()> {
    thread::sleep(Duration::from_secs(1));
    file.write("Now you see me, now you don't")
}
