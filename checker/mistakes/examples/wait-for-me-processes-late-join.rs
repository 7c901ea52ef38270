//! Verdict: did-not-wait
//!
//! Polls until the file has a text, prints it while the child still runs (it lingers for half
//! a second), and joins only then. The file is taken for the end of the child.

use anyhow::Result;
use common::{NewFile, Process, args, print_line};
use std::thread;
use std::time::Duration;

fn main() -> Result<()> {
    let file = NewFile::at(args::file_name())?;

    let mut writer = Process::new("writer", || {
        write_message(&file)?;
        // Something to do after the message.
        thread::sleep(Duration::from_millis(500));
        Ok(())
    });
    writer.start()?;

    let message = loop {
        match file.read() {
            Ok(text) if !text.is_empty() => break text,
            _ => thread::sleep(Duration::from_millis(20)),
        }
    };
    print_line(message)?;
    writer.join()?;
    file.remove()
}

fn write_message(file: &NewFile) -> Result<()> {
    thread::sleep(Duration::from_secs(1));
    file.write("Now you see me, now you don't")
}
