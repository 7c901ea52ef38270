//! A task that is traced, and why it stops.

use super::{Call, Fault, TaskIndex};
use nix::errno::Errno;
use nix::unistd::Pid;
use std::time::Duration;

/// A task that has not ended.
pub(super) struct Task {
    pub(super) index: TaskIndex,
    pub(super) state: State,
    /// It is let go as soon as it can run.
    pub(super) is_free: bool,
    /// What is done to it.
    pub(super) fault: Option<Fault>,
    /// The call that it is in, and where in its memory there is more about it. Of a
    /// call whose end does not matter, nobody knows whether it is over.
    pub(super) call: Option<(Call, u64)>,
    /// How often it was found asleep since it did something.
    pub(super) times_asleep: u32,
    /// What it had used of the CPUs then.
    pub(super) cpu_time: Duration,
    /// How often it has stopped, and how often it had slept when the end of the
    /// program was put off.
    pub(super) stops: u64,
    pub(super) slept: u64,
}

impl Task {
    pub(super) fn new(index: TaskIndex, state: State) -> Self {
        Self {
            index,
            state,
            is_free: true,
            fault: None,
            call: None,
            times_asleep: 0,
            cpu_time: Duration::ZERO,
            stops: 0,
            slept: 0,
        }
    }
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
    /// It will do nothing more. The first thread of a process can be in this state
    /// for long, until all others have ended.
    Ending,
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
    /// The beginning or the end of a system call.
    SystemCall,
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
            (0, signal) if signal == libc::SIGTRAP | 0x80 => Self::SystemCall,
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
    resume(libc::PTRACE_CONT, tid, signal);
}

/// The same, but it stops at the next beginning or end of a system call, whatever call
/// it is.
pub(super) fn go_on_to_a_call(tid: Pid, signal: i32) {
    resume(libc::PTRACE_SYSCALL, tid, signal);
}

fn resume(request: libc::c_uint, tid: Pid, signal: i32) {
    // SAFETY: the addresses are not used by these requests. The task may have been
    // killed meanwhile; then there is nothing to do.
    let _ = unsafe { libc::ptrace(request, tid.as_raw(), 0, signal) };
}
