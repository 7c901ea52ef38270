//! A task that is traced, and why it stops.

use super::{Call, TaskIndex};
use nix::errno::Errno;
use nix::sys::signal::Signal;
use nix::unistd::Pid;

/// A task that has not ended.
pub(super) struct Task {
    pub(super) index: TaskIndex,
    pub(super) state: State,
    /// It is let go as soon as it can run.
    pub(super) is_free: bool,
    /// It gets this signal then.
    pub(super) kill_with: Option<Signal>,
    /// The call that it is in, to be told by its result.
    pub(super) call: Option<(Call, u64)>,
}

#[derive(PartialEq, Eq)]
pub(super) enum State {
    /// Its creator has told of it, but it has not stopped at its birth yet.
    Announced(Birth),
    /// A `vfork` child: it keeps its creator stopped until its `exec`, so it can't
    /// be held before.
    BeforeExec,
    /// It stopped at its birth, and is not let go.
    Held,
    Running,
}

/// How a task was created.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Birth {
    Vfork,
    Other,
}

/// A status of `waitpid(2)` taken apart, with what `ptrace(2)` adds to it.
pub(super) enum Stop {
    Ended,
    /// The end of a system call.
    Return,
    /// One of the `PTRACE_EVENT` numbers.
    Event(i32),
    Signal(i32),
}

impl Stop {
    pub(super) fn of(status: i32) -> Self {
        if !libc::WIFSTOPPED(status) {
            return Self::Ended;
        }
        match (status >> 16, libc::WSTOPSIG(status)) {
            (0, signal) if signal == libc::SIGTRAP | 0x80 => Self::Return,
            (0, signal) => Self::Signal(signal),
            (event, _) => Self::Event(event),
        }
    }
}

/// Waits for the next task that stops or ends, of those that this thread traces.
pub(super) fn wait_for_any() -> Result<(Pid, i32), Errno> {
    let mut status = 0;
    let flags = libc::__WALL | libc::__WNOTHREAD;
    // SAFETY: the kernel writes to `status`, which is borrowed for that.
    let task = unsafe { libc::waitpid(-1, &raw mut status, flags) };
    Errno::result(task).map(|task| (Pid::from_raw(task), status))
}

/// Lets a stopped task continue, with a signal or 0.
pub(super) fn go_on(tid: Pid, signal: i32) {
    // SAFETY: the addresses are not used by this request. The task may have been
    // killed meanwhile; then there is nothing to do.
    let _ = unsafe { libc::ptrace(libc::PTRACE_CONT, tid.as_raw(), 0, signal) };
}
