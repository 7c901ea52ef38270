//! Verdict: passed
//!
//! Parent and child share a locked file. The parent closes its copy, and locks the file a second
//! time. It gets this lock when the kernel closes the child's copy, at the child's end.

use anyhow::{Result, ensure};
use common::{NewFile, Process, args, print_line};
use std::fs::File;
use std::io;
use std::os::fd::{AsRawFd, FromRawFd};
use std::thread;
use std::time::Duration;

fn main() -> Result<()> {
    let file = NewFile::at(args::file_name())?;

    // SAFETY: the name ends with a NUL byte.
    let held = unsafe { libc::memfd_create(c"writer".as_ptr(), libc::MFD_CLOEXEC) };
    ensure!(held >= 0, "memfd_create: {}", io::Error::last_os_error());
    // SAFETY: the new descriptor has no other owner.
    let held = unsafe { File::from_raw_fd(held) };
    // A second open file description of the same file, without a lock.
    let second = File::open(format!("/proc/self/fd/{}", held.as_raw_fd()))?;
    held.lock()?;

    let mut writer = Process::new("writer", || write_message(&file));
    writer.start()?;

    // The child has inherited `held`, and the lock belongs to the open file description. So
    // only the child keeps it locked now: until it ends, however it ends.
    drop(held);
    second.lock()?;

    print_line(file.read()?)?;
    file.remove()
}

fn write_message(file: &NewFile) -> Result<()> {
    thread::sleep(Duration::from_secs(1));
    file.write("Now you see me, now you don't")
}
