//! Verdict: did-not-wait
//!
//! The parent polls a pidfd of the writer, and a pipe, by which the writer says what it does.
//! The loop looks at the wrong one of the two: it goes on at the note of the living child.

use anyhow::{Context, Result, ensure};
use common::{NewFile, Process, args, print_line};
use nix::unistd::Pid;
use std::io::{self, Read, Write, pipe};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::thread;
use std::time::Duration;

fn main() -> Result<()> {
    let file = NewFile::at(args::file_name())?;

    let (mut notes, mut note) = pipe()?;
    let mut writer = Process::new("writer", || {
        write_message(&file)?;
        Ok(note.write_all(b"written\n")?)
    });
    writer.start()?;

    let pidfd = open_pidfd(writer.pid().context("it was started")?)?;
    let mut fds = [pidfd.as_raw_fd(), notes.as_raw_fd()].map(|fd| libc::pollfd {
        fd,
        events: libc::POLLIN,
        revents: 0,
    });
    while fds[1].revents == 0 {
        // SAFETY: the kernel writes to the two elements of the array.
        if unsafe { libc::poll(fds.as_mut_ptr(), 2, -1) } == -1 {
            let error = io::Error::last_os_error();
            ensure!(
                error.kind() == io::ErrorKind::Interrupted,
                "cannot poll: {error}"
            );
            continue;
        }
        if fds[1].revents != 0 {
            // The note itself does not matter.
            let _ = notes.read(&mut [0; 64])?;
        }
    }

    print_line(file.read()?)?;
    file.remove()?;
    // No zombie stays.
    writer.join()
}

fn open_pidfd(pid: Pid) -> Result<OwnedFd> {
    // SAFETY: it uses no memory of ours.
    let fd = unsafe { libc::syscall(libc::SYS_pidfd_open, pid.as_raw(), 0) };
    ensure!(fd >= 0, "no pidfd: {}", io::Error::last_os_error());
    // SAFETY: the descriptor is new, and has no other owner.
    Ok(unsafe { OwnedFd::from_raw_fd(i32::try_from(fd)?) })
}

fn write_message(file: &NewFile) -> Result<()> {
    thread::sleep(Duration::from_secs(1));
    file.write("Now you see me, now you don't")
}
