//! Verdict: environment
//!
//! clone3 with CLONE_PIDFD makes the child. Main polls the pidfd until the child has ended, and
//! takes its status with waitid(P_PIDFD).
//! The jail refuses this call, so the program cannot be judged.

use anyhow::Result;
use anyhow::ensure;
use common::exit_child;
use common::{NewFile, args, print_line};
use std::io;
use std::mem;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::thread;
use std::time::Duration;

/// `fork`, but with the arguments of `clone3`. Runs `work` in the child.
fn clone3(work: impl FnOnce() -> Result<()>) -> io::Result<(libc::pid_t, RawFd)> {
    let parent = std::process::id();
    let mut pidfd: RawFd = -1;
    // SAFETY: zeros are valid, and mean no flags.
    let mut arguments: libc::clone_args = unsafe { mem::zeroed() };
    arguments.flags = libc::CLONE_PIDFD as u64;
    arguments.pidfd = (&raw mut pidfd) as u64;
    arguments.exit_signal = libc::SIGCHLD as u64;
    // SAFETY: without CLONE_VM this is a fork, and the process has one thread.
    let result = unsafe {
        libc::syscall(
            libc::SYS_clone3,
            &raw mut arguments,
            mem::size_of_val(&arguments),
        )
    };
    match result {
        -1 => Err(io::Error::last_os_error()),
        0 => {
            // SAFETY: no memory is passed. The child shall not outlive its parent.
            unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL) };
            if std::os::unix::process::parent_id() != parent {
                exit_child(1);
            }
            exit_child(work().is_err().into())
        }
        pid => Ok((pid as libc::pid_t, pidfd)),
    }
}

fn main() -> Result<()> {
    let file = NewFile::at(args::file_name())?;

    let (_, pidfd) = clone3(|| write_message(&file))?;
    // SAFETY: the descriptor is new.
    let pidfd = unsafe { OwnedFd::from_raw_fd(pidfd) };

    let mut wanted = libc::pollfd {
        fd: pidfd.as_raw_fd(),
        events: libc::POLLIN,
        revents: 0,
    };
    // SAFETY: one pollfd.
    while unsafe { libc::poll(&raw mut wanted, 1, -1) } != 1 {
        let error = io::Error::last_os_error();
        ensure!(error.kind() == io::ErrorKind::Interrupted, "poll: {error}");
    }
    // SAFETY: zeros are valid.
    let mut info: libc::siginfo_t = unsafe { mem::zeroed() };
    let id = pidfd.as_raw_fd() as libc::id_t;
    // SAFETY: the kernel writes to `info`.
    let result = unsafe { libc::waitid(libc::P_PIDFD, id, &raw mut info, libc::WEXITED) };
    ensure!(result == 0, "waitid: {}", io::Error::last_os_error());
    // SAFETY: waitid has filled it.
    let status = unsafe { info.si_status() };
    ensure!(
        info.si_code == libc::CLD_EXITED && status == 0,
        "the writer failed"
    );

    print_line(file.read()?)?;
    file.remove()
}

fn write_message(file: &NewFile) -> Result<()> {
    thread::sleep(Duration::from_secs(1));
    file.write("Now you see me, now you don't")
}
