//! Verdict: passed
//!
//! The parent waits with epoll for the end of a pipe that the writer holds. Another child ends
//! meanwhile. SIGCHLD has no handler, so it interrupts no call.

use anyhow::{Result, ensure};
use common::{NewFile, Process, args, print_line};
use nix::unistd::pipe;
use std::os::fd::AsRawFd;
use std::time::Duration;
use std::{io, thread};

fn main() -> Result<()> {
    let file = NewFile::at(args::file_name())?;
    let mut helper = Process::new("helper", || {
        thread::sleep(Duration::from_millis(200));
        Ok(())
    });
    helper.start()?;
    let (end, start) = pipe()?;
    let mut writer = Process::new("writer", || write_message(&file));
    writer.start()?;
    drop(start);
    wait_until_readable(&end)?;
    writer.join()?;
    helper.join()?;
    print_line(file.read()?)?;
    file.remove()
}

fn write_message(file: &NewFile) -> Result<()> {
    thread::sleep(Duration::from_secs(1));
    file.write("Now you see me, now you don't")
}

fn wait_until_readable(fd: &impl AsRawFd) -> Result<()> {
    let mut event = libc::epoll_event {
        events: libc::EPOLLIN as u32,
        u64: 0,
    };
    // SAFETY: the descriptors are open, and the pointers are to a variable of this function.
    let count = unsafe {
        let epoll = libc::epoll_create1(libc::EPOLL_CLOEXEC);
        libc::epoll_ctl(epoll, libc::EPOLL_CTL_ADD, fd.as_raw_fd(), &raw mut event);
        libc::epoll_wait(epoll, &raw mut event, 1, -1)
    };
    ensure!(count == 1, "epoll_wait: {}", io::Error::last_os_error());
    Ok(())
}
