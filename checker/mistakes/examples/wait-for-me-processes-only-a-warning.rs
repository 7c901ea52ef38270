//! Verdict: wrong-output
//!
//! The parent waits for the child. If the child failed, it prints a warning, shows an empty
//! message and ends as if all were well.

use anyhow::Result;
use common::{NewFile, Process, args, print_line, report};
use std::thread;
use std::time::Duration;

fn main() -> Result<()> {
    let file = NewFile::at(args::file_name())?;
    let mut writer = Process::new("writer", || write_message(&file));
    writer.start()?;

    let failure = writer.join().err();
    if let Some(failure) = &failure {
        report(format_args!("warning: {failure:#}"));
    }
    print_line(file.read().unwrap_or_default())?;
    match failure {
        None => file.remove(),
        Some(_) => Ok(()),
    }
}

fn write_message(file: &NewFile) -> Result<()> {
    thread::sleep(Duration::from_secs(1));
    file.write("Now you see me, now you don't")
}
