//! Verdict: passed
//!
//! Opens a pidfd of the child, polls it until it is readable, and reaps the child with
//! waitid(P_PIDFD).

use anyhow::{Context, Result, bail, ensure};
use common::{NewFile, Process, args, print_line};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::time::Duration;
use std::{io, mem, thread};

fn main() -> Result<()> {
    let file = NewFile::at(args::file_name())?;

    let mut writer = Process::new("writer", || write_message(&file));
    writer.start()?;
    let pid = writer.pid().context("it was started")?;

    // SAFETY: takes numbers only.
    let fd = unsafe { libc::syscall(libc::SYS_pidfd_open, pid.as_raw(), 0) };
    ensure!(fd >= 0, "pidfd_open: {}", io::Error::last_os_error());
    // SAFETY: the descriptor is new and ours.
    let pidfd = unsafe { OwnedFd::from_raw_fd(i32::try_from(fd)?) };

    wait_readable(&pidfd)?;
    reap(&pidfd)?;

    print_line(file.read()?)?;
    file.remove()
}

fn wait_readable(fd: &OwnedFd) -> Result<()> {
    let mut poll = libc::pollfd {
        fd: fd.as_raw_fd(),
        events: libc::POLLIN,
        revents: 0,
    };
    loop {
        // SAFETY: one structure, as announced.
        match unsafe { libc::poll(&raw mut poll, 1, -1) } {
            1 if poll.revents & libc::POLLIN != 0 => return Ok(()),
            -1 if io::Error::last_os_error().kind() == io::ErrorKind::Interrupted => {}
            n => bail!("poll returned {n}, events {:#x}", poll.revents),
        }
    }
}

fn reap(pidfd: &OwnedFd) -> Result<()> {
    let id = libc::id_t::try_from(pidfd.as_raw_fd())?;
    // SAFETY: all zeros is a valid siginfo_t.
    let mut info: libc::siginfo_t = unsafe { mem::zeroed() };
    // SAFETY: the kernel fills `info`.
    let rc = unsafe { libc::waitid(libc::P_PIDFD, id, &raw mut info, libc::WEXITED) };
    ensure!(rc == 0, "waitid: {}", io::Error::last_os_error());
    // SAFETY: waitid has filled it.
    let status = unsafe { info.si_status() };
    ensure!(
        info.si_code == libc::CLD_EXITED && status == 0,
        "the writer failed: code {}, status {status}",
        info.si_code
    );
    Ok(())
}

fn write_message(file: &NewFile) -> Result<()> {
    thread::sleep(Duration::from_secs(1));
    file.write("Now you see me, now you don't")
}
