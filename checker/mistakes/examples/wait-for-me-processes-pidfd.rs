//! Verdict: passed
//! The parent polls a pidfd of the child until the child has ended, checks this with a
//! `waitid` that gets no place for its answer, and then joins the child for its status.

use anyhow::{Result, ensure};
use common::{NewFile, Process, args, print_line};
use std::ptr;
use std::thread;
use std::time::Duration;

fn main() -> Result<()> {
    let file = NewFile::at(args::file_name())?;
    let mut writer = Process::new("writer", || {
        thread::sleep(Duration::from_millis(700));
        file.write("Now you see me, now you don't")
    });
    writer.start()?;
    let pid = writer.pid().map_or(0, |pid| pid.as_raw());

    // SAFETY: the call takes two numbers and no pointer.
    let pidfd = unsafe { libc::syscall(libc::SYS_pidfd_open, pid, 0) };
    let mut poll = libc::pollfd {
        fd: i32::try_from(pidfd)?,
        events: libc::POLLIN,
        revents: 0,
    };
    // SAFETY: the pointer is to one entry, which this function owns.
    let ready = unsafe { libc::poll(&raw mut poll, 1, -1) };
    ensure!(ready == 1 && poll.revents & libc::POLLIN != 0, "no end");
    let id = u32::try_from(pid)?;
    let options = libc::WEXITED | libc::WNOWAIT;
    // SAFETY: Linux allows a null pointer here: then it writes nothing.
    let result = unsafe { libc::waitid(libc::P_PID, id, ptr::null_mut(), options) };
    ensure!(result == 0, "waitid has failed");

    // The child is still a zombie, because of WNOWAIT.
    writer.join()?;
    print_line(file.read()?)?;
    file.remove()
}
