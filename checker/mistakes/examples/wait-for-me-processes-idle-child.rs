//! Verdict: no-worker
//!
//! The program waits for a child that does nothing. Then it writes the file itself,
//! and reads it.

use anyhow::Result;
use common::{NewFile, Process, args, print_line};
use std::thread;
use std::time::Duration;

const MESSAGE: &str = "Now you see me, now you don't";

fn main() -> Result<()> {
    let file = NewFile::at(args::file_name())?;

    let mut idler = Process::new("idler", || Ok(()));
    idler.start()?;
    idler.join()?;
    write_message(&file)?;

    print_line(file.read()?)?;
    file.remove()
}

fn write_message(file: &NewFile) -> Result<()> {
    thread::sleep(Duration::from_secs(1));
    file.write(MESSAGE)
}
