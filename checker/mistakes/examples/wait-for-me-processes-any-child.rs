//! Verdict: did-not-wait
//!
//! Starts a second child, an egg timer of 1.4 seconds, and waits for *any* child, once. It is
//! the writer only as long as the writer is faster than the egg timer.

use anyhow::Result;
use common::{NewFile, Process, args, print_line};
use nix::sys::wait::wait;
use std::thread;
use std::time::Duration;

fn main() -> Result<()> {
    let file = NewFile::at(args::file_name())?;

    let mut timer = Process::new("egg timer", || {
        thread::sleep(Duration::from_millis(1400));
        Ok(())
    });
    let mut writer = Process::new("writer", || write_message(&file));
    timer.start()?;
    writer.start()?;

    wait()?;

    print_line(file.read()?)?;
    file.remove()
}

fn write_message(file: &NewFile) -> Result<()> {
    thread::sleep(Duration::from_secs(1));
    file.write("Now you see me, now you don't")
}
