//! Waiting for a child.

use nix::errno::Errno;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::io;

/// Waits until a child has ended, `waitpid(2)`, and returns its wait status: the
/// raw number that the functions of [`wait_status`](crate::wait_status) decode.
///
/// # Errors
///
/// `child` is not a child of this process, or has been waited for already (`ECHILD`).
pub fn waitpid(child: Pid) -> io::Result<i32> {
    wait(child, 0).map(|(_, status)| status).map_err(|errno| {
        let error = io::Error::from(errno);
        io::Error::new(
            error.kind(),
            format!("cannot wait for process {child}: {error}"),
        )
    })
}

/// Kills and reaps a child. Does nothing where `child` is not a child of this
/// process any more.
pub(super) fn end(child: Pid) {
    // Check first that `child` is still a child. After reaping, its process id may belong to
    // another program's process.
    const STILL_RUNS: Pid = Pid::from_raw(0);
    if let Ok((STILL_RUNS, _)) = wait(child, libc::WNOHANG) {
        let _ = kill(child, Signal::SIGKILL);
        let _ = wait(child, 0);
    }
}

/// The process id that `waitpid` returns, and the wait status.
fn wait(child: Pid, options: i32) -> nix::Result<(Pid, i32)> {
    let mut status = 0;
    loop {
        // SAFETY: the kernel writes to `status`, which is borrowed for that.
        let result = unsafe { libc::waitpid(child.as_raw(), &raw mut status, options) };
        match Errno::result(result) {
            // A signal handler interrupted the wait. The child has not ended yet.
            Err(Errno::EINTR) => {}
            result => return result.map(|pid| (Pid::from_raw(pid), status)),
        }
    }
}
