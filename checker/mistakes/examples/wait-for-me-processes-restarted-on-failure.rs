//! Verdict: passed
//!
//! If the writer fails it is started again, three times at most. Each one is joined, so at
//! the read the writer has ended and the message is there.

use anyhow::Result;
use common::report;
use common::{NewFile, Process, args, print_line};
use std::thread;
use std::time::Duration;

fn main() -> Result<()> {
    let file = NewFile::at(args::file_name())?;

    for attempt in 1..=3 {
        let mut writer = Process::new("writer", || write_message(&file));
        writer.start()?;
        match writer.join() {
            Ok(()) => break,
            Err(error) if attempt == 3 => return Err(error),
            Err(error) => report(format_args!("attempt {attempt}: {error}")),
        }
    }

    print_line(file.read()?)?;
    file.remove()
}

fn write_message(file: &NewFile) -> Result<()> {
    thread::sleep(Duration::from_secs(1));
    file.write("Now you see me, now you don't")
}
