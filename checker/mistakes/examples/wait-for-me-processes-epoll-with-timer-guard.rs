//! Verdict: passed
//!
//! An event loop: epoll with a pidfd of the child, and a timerfd that only guards against a
//! child that hangs. When the pidfd is ready, waitid by that pidfd gives the end.

use anyhow::{Context, Result, anyhow, bail, ensure};
use common::{NewFile, Process, args, print_line};
use std::io;
use std::mem::zeroed;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::ptr;
use std::thread;
use std::time::Duration;

const GUARD_SECONDS: i64 = 60;
const CHILD: u64 = 1;
const TIMER: u64 = 2;

fn main() -> Result<()> {
    let file = NewFile::at(args::file_name())?;

    let mut writer = Process::new("writer", || {
        thread::sleep(Duration::from_secs(1));
        file.write("Now you see me, now you don't")
    });
    writer.start()?;
    let pid = writer.pid().context("it has no pid")?.as_raw();

    let child = owned(
        unsafe { libc::syscall(libc::SYS_pidfd_open, pid, 0) },
        "pidfd_open",
    )?;
    let timer = owned(
        unsafe { libc::timerfd_create(libc::CLOCK_MONOTONIC, libc::TFD_CLOEXEC) }.into(),
        "timerfd_create",
    )?;
    let mut when: libc::itimerspec = unsafe { zeroed() };
    when.it_value.tv_sec = GUARD_SECONDS;
    check(unsafe { libc::timerfd_settime(timer.as_raw_fd(), 0, &when, ptr::null_mut()) })?;

    let epoll = owned(
        unsafe { libc::epoll_create1(libc::EPOLL_CLOEXEC) }.into(),
        "epoll",
    )?;
    for (fd, token) in [(&child, CHILD), (&timer, TIMER)] {
        let mut event = libc::epoll_event {
            events: libc::EPOLLIN as u32,
            u64: token,
        };
        let (epoll, fd) = (epoll.as_raw_fd(), fd.as_raw_fd());
        check(unsafe { libc::epoll_ctl(epoll, libc::EPOLL_CTL_ADD, fd, &mut event) })?;
    }

    loop {
        let mut event = libc::epoll_event { events: 0, u64: 0 };
        let ready = unsafe { libc::epoll_wait(epoll.as_raw_fd(), &mut event, 1, -1) };
        match (ready, event.u64) {
            (1, CHILD) => break,
            (1, _) => bail!("the writer hangs"),
            _ if io::Error::last_os_error().kind() == io::ErrorKind::Interrupted => {}
            _ => check(ready)?,
        }
    }
    let mut info: libc::siginfo_t = unsafe { zeroed() };
    let id = child.as_raw_fd() as u32;
    check(unsafe { libc::waitid(libc::P_PIDFD, id, &mut info, libc::WEXITED) })?;
    ensure!(
        info.si_code == libc::CLD_EXITED && unsafe { info.si_status() } == 0,
        "the writer failed"
    );

    print_line(file.read()?)?;
    file.remove()
}

fn owned(fd: i64, what: &str) -> Result<OwnedFd> {
    ensure!(fd >= 0, "{what}: {}", io::Error::last_os_error());
    Ok(unsafe { OwnedFd::from_raw_fd(fd as i32) })
}

fn check(result: i32) -> Result<()> {
    ensure!(result >= 0, anyhow!("{}", io::Error::last_os_error()));
    Ok(())
}
