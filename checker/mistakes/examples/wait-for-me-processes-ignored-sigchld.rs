//! Verdict: crashed
//! The parent ignores SIGCHLD, so the kernel keeps no wait status of the child. The wait
//! lasts until the child has ended, and then fails, which ends the program with an error.

use anyhow::Result;
use common::{NewFile, Process, args, print_line};
use nix::sys::signal::{SigHandler, Signal, signal};
use std::thread;
use std::time::Duration;

fn main() -> Result<()> {
    let file = NewFile::at(args::file_name())?;
    let mut writer = Process::new("writer", || {
        thread::sleep(Duration::from_secs(1));
        file.write("Now you see me, now you don't")
    });
    writer.start()?;
    // SAFETY: no handler is installed.
    unsafe { signal(Signal::SIGCHLD, SigHandler::SigIgn) }?;
    writer.join()?;
    print_line(file.read()?)?;
    file.remove()
}
