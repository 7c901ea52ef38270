//! The end of a child, as its parent sees it.

use nix::errno::Errno;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::io;

/// Waits until a child has ended, `waitpid(2)`, and leaves its wait status in
/// `status`, to be read with the functions of
/// [`wait_status`](crate::wait_status).
///
/// It takes its arguments in the way of the manual page, where the status is
/// filled in.
///
/// # Errors
///
/// `ECHILD` when `child` is not a child of this process, or has been waited
/// for already.
pub fn waitpid(child: Pid, status: &mut i32) -> io::Result<()> {
    wait(child, status, 0).map(drop)
}

/// Ends a child that has not been waited for, and waits for it. Does nothing
/// where there is no such child.
pub(super) fn end(child: Pid) {
    let mut status = 0;
    // Only a child that still runs, or is not waited for, answers: a process
    // of another program that got the number of a former child is safe.
    if let Ok(HasEnded::No) = wait(child, &mut status, libc::WNOHANG) {
        let _ = kill(child, Signal::SIGKILL);
        let _ = wait(child, &mut status, 0);
    }
}

enum HasEnded {
    Yes,
    No,
}

fn wait(child: Pid, status: &mut i32, options: i32) -> io::Result<HasEnded> {
    loop {
        // SAFETY: the kernel writes to `status`, which is borrowed for that.
        let result = unsafe { libc::waitpid(child.as_raw(), status, options) };
        match Errno::result(result) {
            Ok(0) => return Ok(HasEnded::No),
            Ok(_) => return Ok(HasEnded::Yes),
            // A signal was handled meanwhile. The child has not ended yet.
            Err(Errno::EINTR) => {}
            Err(errno) => return Err(errno.into()),
        }
    }
}
