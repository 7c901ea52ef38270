//! Verdict: did-not-wait
//!
//! The parent joins the child only if there is no file yet. If the file is there, the child may
//! still write to it.

use anyhow::Result;
use common::{NewFile, Process, args, print_line, report};
use std::thread;
use std::time::Duration;

fn main() -> Result<()> {
    let file = NewFile::at(args::file_name())?;

    let mut writer = Process::new("writer", || write_message(&file));
    writer.start()?;

    if file.read().is_ok() {
        report("The writer is fast today");
    } else {
        writer.join()?;
    }

    print_line(file.read()?)?;
    file.remove()
}

fn write_message(file: &NewFile) -> Result<()> {
    thread::sleep(Duration::from_secs(1));
    file.write("Now you see me, now you don't")
}
