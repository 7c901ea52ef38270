//! The system calls of a task.

use super::order::SHORTEST;
use super::task::{Held, Task};
use super::{Schedule, Tracer};
use crate::call::{Call, SystemCall};
use crate::jail::name_of_refused;
use crate::proc::{duration_at, int_at, is_zombie_of, name, read_memory, write_memory};
use crate::registers::{
    ERESTART_RESTARTBLOCK, ERESTARTSYS, begin_again, fail_call, set_argument, skip_call,
};
use crate::run::{Error, Fault};
use crate::stopped::Stopped;
use crate::{End, Event, Kind, TaskIndex};
use nix::errno::Errno;
use nix::unistd::Pid;
use std::mem;
use std::time::{Duration, Instant};

/// A timer without an end, or with an unknown end.
const LONG: Duration = Duration::from_secs(3600);

/// The core dump bit of a wait status.
const CORE: i32 = 0x80;

/// The offset of `si_code` in a `siginfo_t`.
const SI_CODE: u64 = 2 * size_of::<i32>() as u64;

/// The offset of `si_pid`, after three numbers and with the alignment of a pointer.
const SI_PID: u64 = 2 * size_of::<*const ()>() as u64;

impl Tracer<'_> {
    /// A task begins a system call that the filter picks.
    pub(super) fn called(&mut self, stopped: Stopped) {
        let (call, is_refused) = match stopped.call() {
            Ok(call) => call,
            Err(Errno::ESRCH) => return self.resume(stopped, 0),
            Err(errno) => {
                // The jail might refuse this call, so it must not be executed.
                self.error = Some(Error::os("read the program's system calls", errno));
                self.end(End::TimedOut);
                return self.resume(stopped, 0);
            }
        };
        let tid = stopped.tid();
        match call.number {
            number if is_refused => {
                self.observed.refused.insert(name_of_refused(number));
                fail_call(&stopped, Errno::EPERM);
            }
            _ if self.mediate(&stopped, call) || self.tell_time(&stopped, call) => {}
            libc::SYS_clone3 => self.refuse_clone3(&stopped, call.args[0]),
            libc::SYS_memfd_create => self.limit_memory_files(&stopped),
            _ if self.uses_file(&stopped, call) => {}
            _ => match (call.meaning(tid), call.creates()) {
                (Some(meaning), _) => return self.begins(stopped, call, meaning),
                (None, Some(kind)) => self.task(tid).creates = Some(kind),
                (None, None) => self.notes_timer(tid, call),
            },
        }
        self.resume(stopped, 0);
    }

    /// libc calls `clone3` for threads and for `posix_spawn`, and then `clone`. A program that calls
    /// it for another purpose may fail now.
    fn refuse_clone3(&mut self, stopped: &Stopped, arguments: u64) {
        let flags = read_memory(stopped.tid(), arguments, size_of::<u64>());
        let flags = flags.try_into().map_or(0, u64::from_ne_bytes);
        let of_libc = u64::from((libc::CLONE_THREAD | libc::CLONE_VFORK).cast_unsigned());
        if flags & of_libc == 0 {
            self.observed.refused.insert("clone3".into());
        }
        fail_call(stopped, Errno::ENOSYS);
    }

    fn begins(&mut self, stopped: Stopped, call: SystemCall, meaning: Call) {
        let tid = stopped.tid();
        // A task that polls asks very often.
        let is_in_vain = meaning == Call::AskForChild && self.holds_all_children_of(tid);
        let task = self.task(tid);
        // A task that is frozen now makes its call later.
        if meaning.has_an_end_that_matters() && (!is_in_vain || task.freezes) {
            task.call = Some((call, meaning));
        }
        let (index, is_worker) = (task.index, task.is_worker);
        if !matches!(meaning, Call::Write(3..)) {
            self.event(index, Event::Called(meaning));
        }
        match meaning {
            Call::Write(1 | 2) | Call::Exit => self.note_early_stack(&stopped, false),
            Call::Write(_) => {}
            // Programs pace their output with shorter sleeps.
            Call::Sleep(time) if time < Duration::from_millis(1) => {}
            _ => self.note_early_stack(&stopped, true),
        }
        match meaning {
            // Written data leaves the memory that the engine can change.
            Call::Write(_) => {
                self.watch.leave_out_a_stop();
                self.intervene_on_the_way(tid);
            }
            Call::Exit => self.begins_to_exit(&stopped, index),
            // Nothing can happen before the sleep ends, so the engine skips it.
            Call::Sleep(time) if self.skips_a_sleep_of(tid) => {
                skip_call(&stopped, 0);
                self.note_skipped(&stopped, time);
                if is_worker && self.watch.is_frozen() {
                    return self.suspend(stopped);
                }
                self.changes_nothing = true;
                self.watch.rounds += u64::from(!is_worker);
                if self.watch.has_slept() {
                    return self.hold(stopped, Held::Nap(Instant::now()));
                }
            }
            // The others may be about to wait. If not, the sleep begins after the nap.
            Call::Sleep(_) if self.run.schedule == Schedule::WithoutSleeps => {
                self.alarm.every(SHORTEST);
                return self.hold(stopped, Held::Nap(Instant::now()));
            }
            // A signal of a descendant that comes before the call does not end it.
            Call::Pause
                if self.run.schedule == Schedule::WithoutSleeps
                    && !mem::replace(&mut self.task(tid).has_paused, true) =>
            {
                begin_again(&stopped);
                self.hold(stopped, Held::Creation);
                return self.begin_to_watch();
            }
            Call::AskForChild => {
                self.watch.rounds += 1;
                self.changes_nothing = is_in_vain;
            }
            Call::TimedWait => self.shorten_wait(tid, call),
            _ => {}
        }
        self.resume(stopped, 0);
    }

    /// A task ends its process, and so all threads of the process.
    fn begins_to_exit(&mut self, stopped: &Stopped, index: TaskIndex) {
        self.is_ending |= self.observed.process_of(index) == 0;
        for worker in self.workers_but(index) {
            self.intervene(worker);
        }
        match self.fault_of(index) {
            Some(Fault::Exits(status)) => set_argument(stopped, 0, status.into()),
            // The task continues, receives the signal, and may make the call again.
            Some(Fault::KilledAtEnd(signal)) => {
                // A task that gets SIGKILL may not report that it begins to end.
                self.observed.tasks[index].name = name(stopped.tid());
                self.send(stopped.tid(), signal);
                skip_call(stopped, 0);
            }
            _ => {}
        }
    }

    /// Whether the engine holds all children of a task's process, so that none can end.
    fn holds_all_children_of(&self, tid: Pid) -> bool {
        let process = self.observed.process_of(self.alive[&tid].index);
        let is_held = |tid| {
            let task = self.alive.get(&Pid::from_raw(tid));
            task.is_some_and(Task::is_held)
        };
        let mut processes = self.observed.created(Kind::Process);
        processes.all(|(index, child)| {
            let is_child = self.observed.parent_of(index) == Some(process);
            !is_child || child.reaped_by.is_some() || is_held(child.tid)
        })
    }

    /// A worker has done a part of its work. The other tasks may continue now.
    pub(super) fn suspend(&mut self, stopped: Stopped) {
        self.intervene(stopped.tid());
        self.hold(stopped, Held::Work);
    }

    /// A task that stops at all its calls begins or ends one.
    pub(super) fn begins_or_ends_a_call(&mut self, stopped: Stopped) {
        let tid = stopped.tid();
        let Some(result) = stopped.result() else {
            // Another task may run before the call ends, and read the written data.
            let may_wake = || stopped.call().map_or(true, |(call, _)| call.may_wake());
            let task = &self.alive[&tid];
            let is_worker = task.is_worker;
            if task.snapshot.is_some() && may_wake() {
                self.intervene_on_the_way(tid);
            }
            if self.run.replaces_early && is_worker {
                self.replace_text();
            }
            return self.resume(stopped, 0);
        };
        self.restore_limit(&stopped, result);
        let task = self.task(tid);
        if result == -ERESTART_RESTARTBLOCK && matches!(task.call, Some((_, Call::Read))) {
            // After an ignored signal, the kernel goes on with the call.
            return self.resume(stopped, 0);
        }
        let (index, call) = (task.index, task.call.take());
        let has_failed_to_create = task.creates.take().is_some();
        let is_worker = task.is_worker && task.sees_calls;
        let errno = i32::try_from(-result).map(Errno::from_raw);
        if has_failed_to_create && let Ok(errno @ (Errno::EAGAIN | Errno::ENOMEM)) = errno {
            let action = "start as many threads and processes as the program needs";
            self.error = Some(Error::os(action, errno));
        }
        match call {
            Some((call, meaning @ (Call::WaitForChild | Call::AskForChild))) if result >= 0 => {
                let reaped = self.reaped_by(tid, call, result);
                if reaped.is_empty() && meaning == Call::WaitForChild {
                    self.event(index, Event::Returned);
                }
                for child in reaped {
                    self.tells_of_core(tid, call, child);
                    self.observed.tasks[child].reaped_by = Some(index);
                    self.event(index, Event::Reaped(child));
                }
            }
            Some((_, Call::AskForChild)) | None => {}
            Some((_, Call::WaitForChild)) => {
                // There is no such child. A program that repeats the call polls.
                self.watch.rounds += 1;
                let interrupted = (-ERESTART_RESTARTBLOCK..=-ERESTARTSYS).contains(&result);
                let errno = errno.ok().filter(|_| !interrupted).unwrap_or(Errno::EINTR);
                self.event(index, Event::Failed(errno));
                // A program may repeat it often. The first one counts.
                if self.observed.tasks[index].last_stack.is_empty() {
                    self.observed.tasks[index].last_stack = self.stack(&stopped);
                }
            }
            Some(_) => self.event(index, Event::Returned),
        }
        if is_worker && !self.is_over && !self.all_others_wait(tid) {
            return self.suspend(stopped);
        }
        if self.run.schedule == Schedule::WorkersFirst && self.created_can_go_on(index) {
            self.hold(stopped, Held::Creation);
            return self.begin_to_watch();
        }
        self.resume(stopped, 0);
    }

    /// Adds the core dump bit to the result of a wait for a child, if the child's fault
    /// requires it.
    fn tells_of_core(&self, waiting: Pid, wait: SystemCall, child: TaskIndex) {
        let Some(Fault::KilledAtEnd(signal)) = self.fault_of(child) else {
            return;
        };
        let (address, offset, told) = match wait.number {
            libc::SYS_wait4 => (wait.args[1], 0, signal as i32 | CORE),
            _ => (wait.args[2], SI_CODE, libc::CLD_DUMPED),
        };
        let status = self.observed.tasks[child].ended.map_or(0, |end| end.1);
        let is_killed = libc::WIFSIGNALED(status) && libc::WTERMSIG(status) == signal as i32;
        if is_killed && dumps_core(signal as i32) && address != 0 {
            write_memory(waiting, address + offset, &told.to_ne_bytes());
        }
    }

    /// The children that a wait has returned to a task's process: the named child, which may be
    /// an adopted one, or else all its own children that the kernel has removed.
    fn reaped_by(&self, waiting: Pid, wait: SystemCall, result: i64) -> Vec<TaskIndex> {
        let named = match (wait.number, wait.args[2]) {
            (libc::SYS_wait4, _) => i32::try_from(result).ok(),
            (_, 0) => None,
            (_, siginfo) => int_at(waiting, siginfo + SI_PID),
        };
        let parent = self.observed.process_of(self.alive[&waiting].index);
        let tasks = self.observed.tasks.iter().enumerate();
        let parent_id = self.observed.tasks[parent].tid;
        let children = tasks.filter(|(child, task)| {
            let is_returned = match named {
                Some(pid) => pid == task.tid,
                None => self.observed.parent_of(*child) == Some(parent),
            };
            let has_ended = task.kind == Kind::Process && task.ended.is_some();
            let is_new = is_returned && has_ended && task.reaped_by.is_none();
            is_new && !is_zombie_of(task.tid, parent_id)
        });
        children.map(|(child, _)| child).collect()
    }

    /// A new timer will send a signal, or make a descriptor readable.
    fn notes_timer(&mut self, tid: Pid, call: SystemCall) {
        let SystemCall { number, args } = call;
        let new_value = match number {
            #[cfg(target_arch = "x86_64")]
            libc::SYS_alarm => {
                let seconds = Duration::from_secs(args[0].min(LONG.as_secs()));
                self.timers_until = Instant::now() + seconds;
                return;
            }
            libc::SYS_setitimer => args[1],
            libc::SYS_timer_settime | libc::SYS_timerfd_settime => args[2],
            _ => return,
        };
        // An interval and a time, each with seconds and nanoseconds or microseconds.
        const HALF: u64 = 2 * size_of::<libc::c_long>() as u64;
        let is_absolute = number != libc::SYS_setitimer && args[1] != 0;
        let is_periodic = duration_at(tid, new_value) > Duration::ZERO;
        let mut time = duration_at(tid, new_value + HALF);
        if number == libc::SYS_setitimer {
            let microseconds = time.subsec_nanos().into();
            time = Duration::from_secs(time.as_secs()) + Duration::from_micros(microseconds);
        }
        self.timers_until = Instant::now()
            + match time {
                Duration::ZERO => Duration::ZERO,
                _ if is_periodic || is_absolute => LONG,
                time => time.min(LONG),
            };
    }
}

/// Whether the default action of a signal leaves a core file, `signal(7)`.
pub(super) fn dumps_core(signal: i32) -> bool {
    use libc::{
        SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGQUIT, SIGSEGV, SIGSYS, SIGTRAP, SIGXCPU, SIGXFSZ,
    };
    [
        SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGQUIT, SIGSEGV, SIGSYS, SIGTRAP, SIGXCPU, SIGXFSZ,
    ]
    .contains(&signal)
}
