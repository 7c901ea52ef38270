//! Verdict: did-not-wait
//!
//! The parent starts a second child, which does nothing, and waits for that one. For
//! the first one, which writes the file, it sleeps.

use anyhow::Result;
use common::{NewFile, Process, args, print_line};
use std::thread;
use std::time::Duration;

const MESSAGE: &str = "Now you see me, now you don't";

fn main() -> Result<()> {
    let file = NewFile::at(args::file_name())?;

    let mut writer = Process::new("writer", || write_message(&file));
    writer.start()?;
    let mut idler = Process::new("idler", || Ok(()));
    idler.start()?;
    idler.join()?;
    thread::sleep(Duration::from_millis(1500));

    print_line(file.read()?)?;
    file.remove()
}

fn write_message(file: &NewFile) -> Result<()> {
    thread::sleep(Duration::from_secs(1));
    file.write(MESSAGE)
}
