//! Verdict: no-worker
//!
//! A thread writes the file, and the program waits for it. The output is right, but
//! there is no child process.

use anyhow::{Result, anyhow};
use common::{NewFile, args, print_line};
use std::thread;
use std::time::Duration;

const MESSAGE: &str = "Now you see me, now you don't";

fn main() -> Result<()> {
    let file = NewFile::at(args::file_name())?;

    let writer = thread::scope(|scope| scope.spawn(|| write_message(&file)).join());
    writer.map_err(|_| anyhow!("the writer panicked"))??;

    print_line(file.read()?)?;
    file.remove()
}

fn write_message(file: &NewFile) -> Result<()> {
    thread::sleep(Duration::from_secs(1));
    file.write(MESSAGE)
}
