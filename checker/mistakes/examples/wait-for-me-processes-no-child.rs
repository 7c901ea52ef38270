//! Verdict: no-worker
//!
//! The program writes the file itself, after a second, and reads it. The output is
//! right, but there is no child process.

use anyhow::Result;
use common::{NewFile, args, print_line};
use std::thread;
use std::time::Duration;

const MESSAGE: &str = "Now you see me, now you don't";

fn main() -> Result<()> {
    let file = NewFile::at(args::file_name())?;

    write_message(&file)?;

    print_line(file.read()?)?;
    file.remove()
}

fn write_message(file: &NewFile) -> Result<()> {
    thread::sleep(Duration::from_secs(1));
    file.write(MESSAGE)
}
