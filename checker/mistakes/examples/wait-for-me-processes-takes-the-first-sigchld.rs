//! Verdict: did-not-wait
//!
//! Takes the first SIGCHLD for the end of the child. The kernel also sends it when the child is
//! stopped, and when it continues.

use anyhow::Result;
use common::{NewFile, Process, args, print_line};
use nix::sys::signal::{SigSet, Signal};
use std::thread;
use std::time::Duration;

fn main() -> Result<()> {
    let file = NewFile::at(args::file_name())?;

    // Block it before the start, or else it could be missed.
    let mut child_signal = SigSet::empty();
    child_signal.add(Signal::SIGCHLD);
    child_signal.thread_block()?;

    let mut writer = Process::new("writer", || write_message(&file));
    writer.start()?;

    // The kernel sends it when the child ends.
    child_signal.wait()?;

    print_line(file.read()?)?;
    file.remove()
}

fn write_message(file: &NewFile) -> Result<()> {
    thread::sleep(Duration::from_secs(1));
    file.write("Now you see me, now you don't")
}
