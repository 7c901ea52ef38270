//! A stopped task as a value, which resuming the task consumes.

use crate::call::SystemCall;
use crate::jail::REFUSED_BY_TRACER;
use nix::errno::Errno;
use nix::sys::ptrace;
use nix::unistd::Pid;

/// A task that is stopped for its tracer, `ptrace(2)`. Only a stopped task can be resumed, and
/// only once.
#[derive(Debug)]
pub(crate) struct Stopped(Pid);

/// The next stop of a resumed task, as a request to `ptrace(2)`.
#[derive(Clone, Copy, Debug)]
#[repr(u32)]
pub(crate) enum Until {
    /// The system calls of the filter, births, signals and the end.
    Event = libc::PTRACE_CONT,
    /// Also the start and the end of its next system call.
    Call = libc::PTRACE_SYSCALL,
    /// The next instruction, with SIGTRAP. A system call counts as one instruction.
    Step = libc::PTRACE_SINGLESTEP,
}

/// A report of a task to its tracer.
#[derive(Debug)]
pub(crate) enum Report {
    /// It has ended with this wait status.
    Ended(Pid, i32),
    /// It has stopped.
    Stop(Stopped, Reason),
}

/// Why a task has stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// It begins or ends a system call.
    Call,
    /// One of the `PTRACE_EVENT` numbers.
    Event(i32),
    /// It is about to get this signal.
    Signal(i32),
    /// A stopping signal stopped its process until SIGCONT.
    GroupStop,
}

impl Stopped {
    pub(crate) fn tid(&self) -> Pid {
        self.0
    }

    /// Resumes the task, with a signal or with 0. A task that was killed while it was stopped
    /// reports its end.
    pub(crate) fn go_on(self, until: Until, signal: i32) {
        self.request(until as u32, signal);
    }

    /// Leaves the task in its group stop. The task reports the SIGCONT that ends the stop.
    pub(crate) fn stay(self) {
        self.request(libc::PTRACE_LISTEN, 0);
    }

    fn request(self, request: u32, signal: i32) {
        // SAFETY: these requests do not use the address.
        unsafe { libc::ptrace(request, self.0.as_raw(), 0, signal) };
    }

    /// The message of a `PTRACE_EVENT` stop: the id of a new task, or of the thread
    /// that was replaced by `execve`.
    pub(crate) fn message(&self) -> Option<Pid> {
        let message = ptrace::getevent(self.0).ok()?;
        i32::try_from(message).ok().map(Pid::from_raw)
    }

    /// Returns the system call that the task begins, and whether the jail refuses it. `ESRCH`: the
    /// task was killed. Linux before 5.3 does not show the call.
    pub(crate) fn call(&self) -> nix::Result<(SystemCall, bool)> {
        let info = ptrace::syscall_info(self.0)?;
        let (number, args, is_refused) = match info.op {
            libc::PTRACE_SYSCALL_INFO_SECCOMP => {
                // SAFETY: `op` names the part that is filled in.
                let begun = unsafe { info.u.seccomp };
                (begun.nr, begun.args, begun.ret_data == REFUSED_BY_TRACER)
            }
            libc::PTRACE_SYSCALL_INFO_ENTRY => {
                // SAFETY: `op` names the part that is filled in.
                let begun = unsafe { info.u.entry };
                (begun.nr, begun.args, false)
            }
            _ => return Err(Errno::EINVAL),
        };
        let number = number.cast_signed();
        Ok((SystemCall { number, args }, is_refused))
    }

    /// Returns the result of the system call that the task ends, which may be a negative
    /// `errno`.
    pub(crate) fn result(&self) -> Option<i64> {
        let info = ptrace::syscall_info(self.0).ok()?;
        if info.op != libc::PTRACE_SYSCALL_INFO_EXIT {
            return None;
        }
        // SAFETY: `op` names the part that is filled in.
        Some(unsafe { info.u.exit }.sval)
    }

    /// Returns its stack pointer, or 0 if it was killed.
    pub(crate) fn stack_pointer(&self) -> u64 {
        ptrace::syscall_info(self.0).map_or(0, |info| info.stack_pointer)
    }
}

/// Waits for the next report of a task that this thread traces, or only of the named task.
pub(crate) fn next_report(of: Option<Pid>) -> Result<Report, Errno> {
    let mut status = 0;
    let of = of.map_or(-1, Pid::as_raw);
    let flags = libc::__WALL | libc::__WNOTHREAD;
    // SAFETY: the kernel writes to `status`, which is borrowed for that.
    let tid = Errno::result(unsafe { libc::waitpid(of, &raw mut status, flags) })?;
    let tid = Pid::from_raw(tid);
    Ok(match libc::WIFSTOPPED(status) {
        true => Report::Stop(Stopped(tid), reason(status)),
        false => Report::Ended(tid, status),
    })
}

/// The reason for a stop, from its wait status.
fn reason(status: i32) -> Reason {
    match (status >> 16, libc::WSTOPSIG(status)) {
        (0, signal) if signal == libc::SIGTRAP | 0x80 => Reason::Call,
        (0, signal) => Reason::Signal(signal),
        // The stop follows a birth, an interruption, or a SIGCONT that ended a group stop.
        (libc::PTRACE_EVENT_STOP, libc::SIGTRAP) => Reason::Event(libc::PTRACE_EVENT_STOP),
        (libc::PTRACE_EVENT_STOP, _) => Reason::GroupStop,
        (event, _) => Reason::Event(event),
    }
}

#[cfg(test)]
mod tests {
    use super::{Reason, reason};

    #[test]
    fn wait_statuses() {
        let stop = |event: i32, signal: i32| event << 16 | signal << 8 | 0x7f;
        assert_eq!(reason(stop(0, libc::SIGTRAP | 0x80)), Reason::Call);
        assert_eq!(reason(stop(0, libc::SIGTERM)), Reason::Signal(15));
        let event = libc::PTRACE_EVENT_STOP;
        assert_eq!(reason(stop(event, libc::SIGTRAP)), Reason::Event(event));
        assert_eq!(reason(stop(event, libc::SIGSTOP)), Reason::GroupStop);
        let event = libc::PTRACE_EVENT_EXIT;
        assert_eq!(reason(stop(event, libc::SIGTRAP)), Reason::Event(event));
    }
}
