//! The system calls of a task.

use super::Tracer;
use crate::engine::Event;
use crate::engine::call::{self, Call};
use crate::engine::proc::{can_block, child_in_siginfo, duration_at, string_at};
use nix::sys::ptrace;
use nix::unistd::Pid;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

impl Tracer<'_> {
    /// A task begins a system call that may matter.
    pub(super) fn called(&mut self, tid: Pid) {
        let call = self.call_of(tid);
        if let Some((call, third)) = call {
            self.begins(tid, call, third);
        }
        match call {
            Some((Call::Exit, _)) if self.comes_too_early(tid) => self.exiting = Some(tid),
            Some((call, _)) if call.has_an_end_that_matters() => self.go_on_to_its_return(tid),
            _ => self.go_on(tid, 0),
        }
    }

    /// The call that a task begins, if it matters, and its third argument.
    fn call_of(&self, tid: Pid) -> Option<(Call, u64)> {
        let info = ptrace::syscall_info(tid).ok()?;
        if info.op != libc::PTRACE_SYSCALL_INFO_SECCOMP {
            return None;
        }
        // SAFETY: `op` says that this is the part that is filled in.
        let begun = unsafe { info.u.seccomp };
        let fd_blocks = |fd| can_block(tid, fd);
        let time_at = |address| duration_at(tid, address);
        let call = call::decode(begun.nr, begun.args, fd_blocks, time_at)?;
        match call {
            Call::Open { name } if !self.is_watched(tid, name) => None,
            _ => Some((call, begun.args[2])),
        }
    }

    fn begins(&mut self, tid: Pid, call: Call, third: u64) {
        let Some(task) = self.alive.get_mut(&tid) else {
            return;
        };
        task.call = Some((call, third));
        let index = task.index;
        self.event(index, Event::Called(call));
        if self.holds_somebody() {
            self.creator_called(call);
        }
    }

    /// A call whose end matters is over.
    pub(super) fn returned(&mut self, tid: Pid) {
        let Ok(info) = ptrace::syscall_info(tid) else {
            return;
        };
        if info.op != libc::PTRACE_SYSCALL_INFO_EXIT {
            return;
        }
        // SAFETY: `op` says that this is the part that is filled in.
        let result = unsafe { info.u.exit }.sval;
        let Some(task) = self.alive.get_mut(&tid) else {
            return;
        };
        let index = task.index;
        let Some((call, siginfo)) = task.call.take() else {
            return;
        };
        if matches!(call, Call::WaitForChild | Call::AskForChild) {
            // wait4 returns the child, waitid leaves it in memory.
            let child = match result {
                0 => child_in_siginfo(tid, siginfo),
                pid => i32::try_from(pid).ok(),
            };
            let reaped = self
                .observed
                .tasks
                .iter()
                .rposition(|task| Some(task.tid) == child);
            if let Some(reaped) = reaped {
                return self.event(index, Event::Reaped(reaped));
            }
        }
        if call != Call::AskForChild {
            self.event(index, Event::Returned);
        }
    }

    fn is_watched(&self, tid: Pid, name: u64) -> bool {
        let Some(watched) = &self.run.watched_file else {
            return false;
        };
        let name = string_at(tid, name);
        Path::new(OsStr::from_bytes(&name)).file_name() == Some(watched)
    }
}
