//! Verdict: crashed
//!
//! A helper function starts the child and joins it, and so does `main`. The second wait fails, since
//! there is no child any more.

use anyhow::Result;
use common::{NewFile, Process, args, print_line};
use std::thread;
use std::time::Duration;

fn main() -> Result<()> {
    let file = NewFile::at(args::file_name())?;
    let mut writer = Process::new("writer", || write_message(&file));
    run(&mut writer)?;
    writer.join()?;

    print_line(file.read()?)?;
    file.remove()
}

fn run(process: &mut Process<'_>) -> Result<()> {
    process.start()?;
    process.join()
}

fn write_message(file: &NewFile) -> Result<()> {
    thread::sleep(Duration::from_secs(1));
    file.write("Now you see me, now you don't")
}
