//! A process between the checker and a program that is not traced.
//!
//! Without a tracer, nobody is told of processes that the program creates. So that
//! none of them outlives the run, the supervisor adopts those whose parent has
//! ended, `PR_SET_CHILD_SUBREAPER` of `prctl(2)`, and kills all that is left. It
//! does so as well when the checker itself has died.
//!
//! All of this runs between a `fork` and an `exec` of a process with several
//! threads, so it makes system calls, and nothing else: no memory is allocated.

use super::proc::children;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::prctl;
use nix::sys::signal::{Signal, kill};
use nix::unistd::{ForkResult, Pid, fork, setpgid};
use std::io;
use std::os::fd::{BorrowedFd, RawFd};

/// What the supervisor tells at the end: the program's wait status, and how many
/// processes it had left behind.
pub(super) const RESULT_BYTES: usize = 2 * size_of::<i32>();

/// How often it looks whether the program has ended, in milliseconds.
const PERIOD_MS: u8 = 2;

/// Puts a supervisor above this process. It lives until the program has ended, or
/// until nobody can write to `stop` any more, and writes to `result`.
///
/// # Safety
///
/// Only for a process that has just been forked and is about to become the program:
/// one that owns none of its file descriptors, and in which no other code needs
/// them.
pub(super) unsafe fn supervise(stop: RawFd, result: RawFd) -> io::Result<()> {
    prctl::set_child_subreaper(true)?;
    // SAFETY: this process has one thread.
    match unsafe { fork() }? {
        ForkResult::Child => {
            // It must not kill the supervisor with `kill(0, ...)`.
            setpgid(Pid::from_raw(0), Pid::from_raw(0))?;
            Ok(prctl::set_pdeathsig(Signal::SIGKILL)?)
        }
        ForkResult::Parent { child } => {
            close_all_but([stop, result]);
            // SAFETY: it is open, and nobody closes it before the end.
            let stop = unsafe { BorrowedFd::borrow_raw(stop) };
            let status = wait_for(child, stop);
            let told = [status, end_what_is_left()].map(i32::to_ne_bytes);
            // SAFETY: the bytes are there to be read.
            unsafe { libc::write(result, told.as_ptr().cast(), RESULT_BYTES) };
            // SAFETY: it ends without running code of the process that it is a
            // copy of.
            unsafe { libc::_exit(0) }
        }
    }
}

/// Whoever reads what the program prints must see its end when the program ends,
/// not when the supervisor does.
fn close_all_but(kept: [RawFd; 2]) {
    // More than this process has ever opened.
    for fd in (0..4096).filter(|fd| !kept.contains(fd)) {
        // SAFETY: nobody uses it, as the caller has promised.
        unsafe { libc::close(fd) };
    }
}

/// Waits for the end of the program, which comes at once if the checker wants it.
fn wait_for(program: Pid, stop: BorrowedFd) -> i32 {
    let mut status = 0;
    loop {
        while let Some(ended) = reap(&mut status) {
            if ended == program {
                return status;
            }
        }
        let mut stop = [PollFd::new(stop, PollFlags::empty())];
        if poll(&mut stop, PollTimeout::from(PERIOD_MS)).is_ok_and(|ready| ready > 0) {
            let _ = kill(program, Signal::SIGKILL);
        }
    }
}

/// Kills all children, and their children, who then are its own.
fn end_what_is_left() -> i32 {
    let mut first_ones = None;
    loop {
        while reap(&mut 0).is_some() {}
        let mut alive = 0;
        children(|child| {
            alive += 1;
            let _ = kill(child, Signal::SIGKILL);
        });
        let first_ones = *first_ones.get_or_insert(alive);
        if alive == 0 {
            return first_ones;
        }
        // SAFETY: nothing is written.
        unsafe { libc::waitpid(-1, std::ptr::null_mut(), libc::__WALL) };
    }
}

/// The next child that has ended, if one has.
fn reap(status: &mut i32) -> Option<Pid> {
    // SAFETY: the kernel writes to `status`, which is borrowed for that.
    let child = unsafe { libc::waitpid(-1, status, libc::WNOHANG | libc::__WALL) };
    (child > 0).then(|| Pid::from_raw(child))
}
