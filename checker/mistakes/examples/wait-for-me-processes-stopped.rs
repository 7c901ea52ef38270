//! Verdict: did-not-wait
//!
//! The child writes and then stops itself. `waitpid` with WUNTRACED returns at the stop, and
//! the parent takes this for the end. The child never ends before the message is printed.

use anyhow::Result;
use common::{NewFile, Process, args, print_line};
use nix::sys::signal::{Signal, raise};
use nix::sys::wait::{WaitPidFlag, waitpid};
use std::thread;
use std::time::Duration;

fn main() -> Result<()> {
    let file = NewFile::at(args::file_name())?;

    let mut writer = Process::new("writer", || write_and_rest(&file));
    writer.start()?;

    // The child has stopped or ended now.
    waitpid(writer.pid(), Some(WaitPidFlag::WUNTRACED))?;

    print_line(file.read()?)?;
    file.remove()
}

fn write_and_rest(file: &NewFile) -> Result<()> {
    write_message(file)?;
    raise(Signal::SIGSTOP)?;
    thread::sleep(Duration::from_secs(2));
    Ok(())
}

fn write_message(file: &NewFile) -> Result<()> {
    thread::sleep(Duration::from_secs(1));
    file.write("Now you see me, now you don't")
}
