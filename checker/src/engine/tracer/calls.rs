//! The system calls of a task.

use super::Tracer;
use crate::engine::call::{self, Call};
use crate::engine::filter::SLEEPS;
use crate::engine::proc::{
    can_block, child_in_siginfo, current_call, duration_at, string_at, write_duration_at,
};
use crate::engine::registers::set_first_argument;
use crate::engine::task::{go_on, go_on_to_a_call};
use crate::engine::{Event, Fault};
use nix::sys::ptrace;
use nix::unistd::Pid;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::time::Duration;

impl Tracer<'_> {
    /// A task that stops at all its calls begins or ends one.
    pub(super) fn begins_or_returns(&mut self, tid: Pid) {
        match ptrace::syscall_info(tid) {
            Ok(info) if info.op == libc::PTRACE_SYSCALL_INFO_EXIT => {
                // SAFETY: `op` says that this is the part that is filled in.
                self.returned(tid, unsafe { info.u.exit }.sval);
                self.resume(tid, 0);
            }
            _ => self.called(tid),
        }
    }

    /// A task begins a system call that may matter.
    pub(super) fn called(&mut self, tid: Pid) {
        let call = self.call_begun(tid);
        match (call, self.alive.get_mut(&tid)) {
            (Some((call, more)), _) => self.begins(tid, call, more),
            // Whatever call it was in before is over.
            (None, Some(task)) => task.call = None,
            (None, None) => {}
        }
        if let Some((Call::Exit, _)) = call {
            self.inject_exit_status(tid);
        }
        match call {
            Some((Call::Exit, _)) if self.comes_too_early(tid) => self.exiting = Some(tid),
            // Nobody can do anything before it is over, so it is cut short.
            Some((Call::Sleep(_), time)) if self.is_creator(tid) => {
                write_duration_at(tid, time, Duration::from_nanos(1));
                go_on_to_a_call(tid, 0);
            }
            Some((call, _)) if call.has_an_end_that_matters() => go_on_to_a_call(tid, 0),
            _ => self.resume(tid, 0),
        }
    }

    fn inject_exit_status(&self, tid: Pid) {
        let fault = self.alive.get(&tid).and_then(|task| task.fault);
        if let Some(Fault::Fails(status)) = fault {
            set_first_argument(tid, status.into());
        }
    }

    /// Lets a stopped task continue. A creator stops at all its calls, so that it is seen
    /// to sleep.
    pub(super) fn resume(&self, tid: Pid, signal: i32) {
        if self.is_creator(tid) {
            go_on_to_a_call(tid, signal);
        } else {
            go_on(tid, signal);
        }
    }

    /// The call that a task begins, if it matters, and where there is more about it:
    /// the time of a sleep, what a wait has found.
    fn call_begun(&self, tid: Pid) -> Option<(Call, u64)> {
        let info = ptrace::syscall_info(tid).ok()?;
        let (number, args) = match info.op {
            libc::PTRACE_SYSCALL_INFO_SECCOMP => {
                // SAFETY: `op` says that this is the part that is filled in.
                let begun = unsafe { info.u.seccomp };
                (begun.nr, begun.args)
            }
            libc::PTRACE_SYSCALL_INFO_ENTRY => {
                // SAFETY: as above.
                let begun = unsafe { info.u.entry };
                let is_sleep = SLEEPS.contains(&begun.nr.cast_signed());
                // At those that the filter picks it stops once more.
                if !is_sleep || self.run.watches_sleeps {
                    return None;
                }
                (begun.nr, begun.args)
            }
            _ => return None,
        };
        match decode(tid, number, args)? {
            Call::Open { name } if !self.is_watched(tid, name) => None,
            call if number.cast_signed() == libc::SYS_nanosleep => Some((call, args[0])),
            call => Some((call, args[2])),
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
    fn returned(&mut self, tid: Pid, result: i64) {
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
        let is_told = matches!(call, Call::Sleep(_)) || call.has_an_end_that_matters();
        if is_told && call != Call::AskForChild {
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

/// The call that a task is blocked in, if it matters.
pub(super) fn call_of_sleeper(tid: Pid) -> Option<Call> {
    let (number, args) = current_call(tid)?;
    decode(tid, number, args)
}

fn decode(tid: Pid, number: u64, args: [u64; 6]) -> Option<Call> {
    let fd_blocks = |fd| can_block(tid, fd);
    let time_at = |address| duration_at(tid, address);
    call::decode(number, args, fd_blocks, time_at)
}
