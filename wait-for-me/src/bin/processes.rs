//! Wait for me: a parent that does not wait for its child.
//!
//! The child sleeps for a second and writes a message to a file. The parent reads the
//! file, prints the message, and removes the file.
//!
//! ```console
//! $ cargo run -p wait-for-me --bin processes -- message.txt
//! ```
//!
//! At first, the parent finds no file: why? Do the TODO and run it again.

use anyhow::Result;
use common::{NewFile, Process, args, print_line};
use std::thread;
use std::time::Duration;

fn main() -> Result<()> {
    let file = NewFile::at(args::file_name())?;

    let mut writer = Process::new("writer", || write_message(&file));
    writer.start()?;

    // TODO: Wait here until the process has ended. Look at the methods of
    // `common::Process` (`cargo doc -p common --no-deps --open`).

    print_line(file.read()?)?;
    file.remove()
}

fn write_message(file: &NewFile) -> Result<()> {
    thread::sleep(Duration::from_secs(1));
    file.write("Now you see me, now you don't")
}
