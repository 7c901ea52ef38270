//! Verdict: timed-out
//!
//! The child stops itself before it writes, and no other process continues it.

use anyhow::Result;
use common::{NewFile, Process, args, print_line};
use nix::sys::signal::{Signal, raise};

fn main() -> Result<()> {
    let file = NewFile::at(args::file_name())?;
    let mut writer = Process::new("writer", || write_message(&file));
    writer.start()?;
    writer.join()?;
    print_line(file.read()?)?;
    file.remove()
}

fn write_message(file: &NewFile) -> Result<()> {
    raise(Signal::SIGSTOP)?;
    file.write("Now you see me, now you don't")
}
