//! The system calls of a task.

use super::Tracer;
use crate::engine::Event;
use crate::engine::call::{self, Call};
use crate::engine::proc::{can_block, child_in_siginfo, duration_at, string_at, write_duration_at};
use crate::engine::task::{go_on, go_on_to_its_return};
use nix::sys::ptrace;
use nix::unistd::Pid;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

impl Tracer<'_> {
    /// A task begins a system call that may matter.
    pub(super) fn called(&mut self, tid: Pid) {
        let call = self.call_of(tid);
        if let Some((call, more)) = call {
            self.begins(tid, call, more);
        }
        match call {
            Some((Call::Exit, _)) if self.comes_too_early(tid) => self.exiting = Some(tid),
            Some((Call::Sleep(_), time)) if self.sleeps_in_vain(tid) => {
                Self::cut_short(tid, time);
                go_on_to_its_return(tid);
            }
            Some((call, _)) if call.has_an_end_that_matters() => go_on_to_its_return(tid),
            _ => go_on(tid, 0),
        }
    }

    /// The call that a task begins, if it matters, and where there is more about it:
    /// the time of a sleep, what a wait has found.
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
            _ if begun.nr.cast_signed() == libc::SYS_nanosleep => Some((call, begun.args[0])),
            _ => Some((call, begun.args[2])),
        }
    }

    fn begins(&mut self, tid: Pid, call: Call, more: u64) {
        let Some(task) = self.alive.get_mut(&tid) else {
            return;
        };
        task.call = Some((call, more));
        let index = task.index;
        self.event(index, Event::Called(call));
        if self.holds_somebody() {
            self.called_while_holding(tid, index, call);
        } else if self.exiting.is_some() {
            self.called_before_the_end(call);
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
        let Some((call, more)) = task.call.take() else {
            return;
        };
        if let Call::Sleep(time) = call {
            // It was cut short, without the program's knowledge.
            write_duration_at(tid, more, time);
        }
        if matches!(call, Call::WaitForChild | Call::AskForChild) {
            // wait4 returns the child, waitid leaves it in memory.
            let child = match result {
                0 => child_in_siginfo(tid, more),
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
