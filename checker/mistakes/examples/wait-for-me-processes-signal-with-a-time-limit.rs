//! Verdict: passed
//!
//! The parent waits for a signal of the writer, 20 ms at a time. No signal has a handler, so
//! only the time limit can end the call.

use anyhow::{Result, ensure};
use common::{NewFile, Process, args, print_line};
use nix::errno::Errno;
use nix::sys::signal::{SigSet, Signal, kill};
use nix::unistd::getpid;
use std::time::Duration;
use std::{ptr, thread};

fn main() -> Result<()> {
    let file = NewFile::at(args::file_name())?;
    let mut written = SigSet::empty();
    written.add(Signal::SIGUSR1);
    written.thread_block()?;
    let parent = getpid();
    let mut writer = Process::new("writer", || {
        let result = write_message(&file);
        kill(parent, Signal::SIGUSR1)?;
        result
    });
    writer.start()?;
    let step = libc::timespec {
        tv_sec: 0,
        tv_nsec: 20_000_000,
    };
    // SAFETY: the pointers are good, and the information on the signal is not asked for.
    while unsafe { libc::sigtimedwait(written.as_ref(), ptr::null_mut(), &raw const step) } < 0 {
        let error = Errno::last();
        ensure!(error == Errno::EAGAIN, "sigtimedwait: {error}");
    }
    writer.join()?;
    print_line(file.read()?)?;
    file.remove()
}

fn write_message(file: &NewFile) -> Result<()> {
    thread::sleep(Duration::from_secs(1));
    file.write("Now you see me, now you don't")
}
