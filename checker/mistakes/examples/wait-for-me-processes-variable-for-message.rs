//! Verdict: wrong-output
//!
//! Waits, but does not read the file: the child also puts the message into a variable, and the
//! parent prints that. After a fork each has its own variable, so the line is empty.

use anyhow::Result;
use common::{NewFile, Process, args, print_line};
use std::cell::Cell;
use std::thread;
use std::time::Duration;

fn main() -> Result<()> {
    let file = NewFile::at(args::file_name())?;
    let message = Cell::new("");

    let mut writer = Process::new("writer", || write_message(&file, &message));
    writer.start()?;
    writer.join()?;

    // Faster than to read the file again.
    print_line(message.get())?;
    file.remove()
}

fn write_message(file: &NewFile, message: &Cell<&str>) -> Result<()> {
    thread::sleep(Duration::from_secs(1));
    message.set("Now you see me, now you don't");
    file.write(message.get())
}
