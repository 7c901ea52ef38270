//! Signals that tasks receive, that tasks send, and that the engine sends. And calls by which a task
//! changes the scheduling of another one.

use super::Tracer;
use super::calls::dumps_core;
use super::task::Task;
use crate::Event;
use crate::call::{SystemCall, int};
use crate::proc::{catches, int_at, process_of_pidfd, state};
use crate::registers::{fail_call, interrupted_call, set_argument};
use crate::run::Fault;
use crate::stopped::Stopped;
use nix::errno::Errno;
use nix::sys::signal::Signal;
use nix::unistd::Pid;

/// By default these stop a process.
const STOPPING: [i32; 4] = [libc::SIGSTOP, libc::SIGTSTP, libc::SIGTTIN, libc::SIGTTOU];

impl Tracer<'_> {
    /// A task is about to receive a signal.
    pub(super) fn signaled(&mut self, stopped: Stopped, signal: i32) {
        let tid = stopped.tid();
        let Task { index, files, .. } = self.alive[&tid];
        let fault = self.fault_of(index);
        self.event(index, Event::Signaled(signal));
        if STOPPING.contains(&signal) {
            // The task may never continue, and a wait of its parent may return because of this.
            self.notes_files(index, files);
            if self.run.replaces_early {
                self.replace_text();
            }
        }
        if signal != libc::SIGCHLD {
            if fault.is_none() {
                self.observed.tasks[index].last_stack = match dumps_core(signal) {
                    true => self.stack(&stopped),
                    false => Vec::new(),
                };
            }
            // The signal may kill all threads at once, before one of them stops.
            self.record_names();
        }
        // A handler interrupts a call. So does a stopping signal.
        if !STOPPING.contains(&signal) && !catches(tid, signal) {
            self.sleeps_on(&stopped);
        }
        // An inherited handler may ignore the first signal and let the next one kill.
        if let Some(Fault::KilledAtBirth(own) | Fault::KilledAtEnd(own)) = fault
            && own as i32 == signal
        {
            self.send(tid, own);
        }
        self.resume(stopped, signal);
    }

    /// A task is stopped that would sleep on without a tracer, because a signal without a handler
    /// does not wake it. The kernel makes the interrupted call again. `futex(2)` returns at once
    /// then, if the value has changed. So it gets the new value, unless another task is about to
    /// wake this one.
    pub(super) fn sleeps_on(&self, stopped: &Stopped) {
        let tid = stopped.tid();
        let wait = interrupted_call(stopped).filter(|call| {
            let waits = [libc::FUTEX_WAIT, libc::FUTEX_WAIT_BITSET];
            call.number == libc::SYS_futex && waits.contains(&call.futex_operation())
        });
        let value = wait.and_then(|call| int_at(tid, call.args[0]));
        if let Some(value) = value.filter(|_| self.all_others_wait(tid)) {
            set_argument(stopped, 2, u64::from(value.cast_unsigned()));
        }
    }

    /// Sends a signal to a task of the run.
    pub(super) fn send(&self, tid: Pid, signal: Signal) {
        // SAFETY: the call has no pointers.
        unsafe { libc::syscall(libc::SYS_tkill, tid.as_raw(), signal as i32) };
    }

    /// Whether this call sends a signal to a task, or changes how it is scheduled. If so, it is
    /// made only if the task is part of the run.
    pub(super) fn mediate(&mut self, stopped: &Stopped, call: SystemCall) -> bool {
        let SystemCall { number, args } = call;
        let (target, signal) = match number {
            libc::SYS_kill | libc::SYS_tkill | libc::SYS_rt_sigqueueinfo => {
                (Some(int(args[0])), int(args[1]))
            }
            libc::SYS_tgkill | libc::SYS_rt_tgsigqueueinfo => (Some(int(args[1])), int(args[2])),
            libc::SYS_sched_setaffinity
            | libc::SYS_sched_setattr
            | libc::SYS_sched_setparam
            | libc::SYS_sched_setscheduler => (Some(int(args[0])), 0),
            libc::SYS_pidfd_send_signal => {
                (process_of_pidfd(stopped.tid(), int(args[0])), int(args[1]))
            }
            _ => return false,
        };
        let error = match target {
            // The task itself, or its own group: the run has a session of its own.
            Some(0) if number != libc::SYS_pidfd_send_signal => None,
            // A group of the run.
            Some(group) if number == libc::SYS_kill && group < -1 => {
                self.refusal(group.wrapping_neg())
            }
            Some(target @ 1..) => self.refusal(target),
            _ => Some(Errno::EPERM),
        };
        match error {
            Some(error) => fail_call(stopped, error),
            None => self.run_kills |= signal == libc::SIGKILL,
        }
        true
    }

    /// Why a call must not affect this task.
    fn refusal(&self, target: i32) -> Option<Errno> {
        let is_known = self.observed.tasks.iter().any(|task| task.tid == target);
        let target = Pid::from_raw(target);
        if self.alive.contains_key(&target) || (is_known && state(target) == Some('Z')) {
            None
        } else if is_known {
            // Its id may now belong to another process.
            Some(Errno::ESRCH)
        } else {
            Some(Errno::EPERM)
        }
    }
}
