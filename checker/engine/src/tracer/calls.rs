//! The system calls of a task.

use super::task::{Held, StatusAt, Task};
use super::{Schedule, Tracer};
use crate::call::{Call, decode, int};
use crate::jail::name_of_refused;
use crate::proc::{
    can_block, current_call, duration_at, exists, name, process_of_pidfd, read_memory, write_memory,
};
use crate::registers::{fail_call, set_first_argument, skip_call};
use crate::run::{Error, Fault};
use crate::stopped::{Begun, Stopped};
use crate::{End, Event, Kind, TaskIndex};
use nix::errno::Errno;
use nix::unistd::Pid;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// A timer without an end, or with an unknown end.
const LONG: Duration = Duration::from_secs(3600);

/// The files in memory that a run may create, `memfd_create(2)`. Each has the size limit of a
/// file. Memory that is not mapped counts to no other limit.
const MOST_MEMORY_FILES: usize = 8;

/// The beginning of a path that is read from a program.
const MOST_OF_A_PATH: usize = 256;

/// The core dump bit of a wait status.
const CORE: i32 = 0x80;

/// The offset of `si_code` in a `siginfo_t`.
const SI_CODE: u64 = 2 * size_of::<i32>() as u64;

/// The offset of `si_pid`, after three numbers and with the alignment of a pointer.
const SI_PID: u64 = 2 * size_of::<*const ()>() as u64;

impl Tracer<'_> {
    /// A task begins a system call that the filter picks.
    pub(super) fn called(&mut self, stopped: Stopped) {
        let tid = stopped.tid();
        let call = match stopped.call() {
            Ok(call) => call,
            Err(Errno::ESRCH) => return self.resume(stopped, 0),
            Err(errno) => {
                // The jail might refuse this call, so it must not be executed.
                self.error = Some(Error::os("read the program's system calls", errno));
                self.end(End::TimedOut);
                return self.resume(stopped, 0);
            }
        };
        let (number, args) = (call.number, call.args);
        if call.is_refused {
            self.observed.refused.insert(name_of_refused(number));
            fail_call(&stopped, Errno::EPERM);
            return self.resume(stopped, 0);
        }
        if self.mediate(&stopped, number, args) || self.tell_time(&stopped, number, args) {
            return self.resume(stopped, 0);
        }
        if number == libc::SYS_clone3 {
            self.refuse_clone3(&stopped, args[0]);
            return self.resume(stopped, 0);
        }
        if number == libc::SYS_memfd_create {
            self.limit_memory_files(&stopped);
            return self.resume(stopped, 0);
        }
        self.note_file_outside(tid, number, args);
        let Some(task) = self.alive.get_mut(&tid) else {
            return self.resume(stopped, 0);
        };
        if let Some(kind) = created_by(number, args) {
            task.creates = Some(kind);
            return self.resume(stopped, 0);
        }
        task.status_at = match number {
            libc::SYS_wait4 => Some(StatusAt::Status(args[1])),
            libc::SYS_waitid => Some(StatusAt::Siginfo(args[2])),
            _ => None,
        };
        self.notes_timer(tid, number, args);
        self.shorten_wait(tid, number, args);
        if number == libc::SYS_openat && is_of_the_run(tid, args[1]) {
            self.note_early_stack(&stopped);
        }
        match decode_at(tid, number, args) {
            Some(call) => self.begins(stopped, call),
            None => self.resume(stopped, 0),
        }
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

    /// An unobserved program may run many times, each time in another child of its first process.
    fn limit_memory_files(&mut self, stopped: &Stopped) {
        let index = self.alive.get(&stopped.tid()).map_or(0, |task| task.index);
        let lineage = &self.observed.tasks[index].lineage;
        let run = lineage.first().copied().filter(|_| !self.run.is_observed);
        let count = self.memory_files.entry(run).or_default();
        *count += 1;
        if *count > MOST_MEMORY_FILES {
            fail_call(stopped, Errno::EMFILE);
            self.observed.refused.insert("memfd_create".into());
        }
    }

    /// Records the path of a new file that the program may not create.
    fn note_file_outside(&mut self, tid: Pid, number: i64, args: [u64; 6]) {
        if number != libc::SYS_openat || int(args[2]) & libc::O_CREAT == 0 {
            return;
        }
        let path = read_memory(tid, args[1], MOST_OF_A_PATH);
        let path = path.split(|byte| *byte == 0).next().unwrap_or_default();
        let path = Path::new(OsStr::from_bytes(path));
        let folder = self.folder.as_ref().map(|folder| folder.path());
        let writable = self.run.paths.iter().flat_map(|(_, writable)| writable);
        let mut allowed = writable.map(PathBuf::as_path).chain(folder);
        let is_device = path.starts_with("/dev") && !path.starts_with("/dev/shm");
        if path.is_absolute() && !is_device && !allowed.any(|place| path.starts_with(place)) {
            self.observed.refused.insert(path.display().to_string());
        }
    }

    fn begins(&mut self, stopped: Stopped, call: Call) {
        let tid = stopped.tid();
        // A task that polls asks very often.
        let is_in_vain = call == Call::AskForChild && self.holds_all_children_of(tid);
        let Some(task) = self.alive.get_mut(&tid) else {
            return self.resume(stopped, 0);
        };
        // A task that is frozen now makes its call later.
        if call.has_an_end_that_matters() && (!is_in_vain || task.freezes) {
            task.call = Some(call);
        }
        let (index, is_worker, fault) = (task.index, task.is_worker, task.fault);
        if !matches!(call, Call::Write(3..)) {
            self.event(index, Event::Called(call));
        }
        if matches!(call, Call::Write(1 | 2) | Call::Exit) {
            self.note_early_stack(&stopped);
        }
        if call == Call::Exit {
            self.is_ending |= self.observed.process_of(index) == 0;
            // All threads of the process end with it.
            for worker in self.workers_but(index) {
                self.intervene(worker);
            }
        }
        match call {
            // Written data leaves the memory that the engine can change.
            Call::Write(_) => {
                self.watch.leave_out_a_stop();
                self.intervene_on_the_way(tid);
            }
            Call::Exit => match fault {
                Some(Fault::Exits(status)) => set_first_argument(&stopped, status.into()),
                // The task continues, receives the signal, and may make the call again.
                Some(Fault::KilledAtEnd(signal)) => {
                    // A task that gets SIGKILL may not report that it begins to end.
                    self.observed.tasks[index].name = name(tid);
                    self.send(tid, signal);
                    skip_call(&stopped, 0);
                }
                _ => {}
            },
            // Nothing can happen before the sleep ends, so the engine skips it.
            Call::Sleep(time) if self.skips_a_sleep_of(tid) => {
                skip_call(&stopped, 0);
                self.note_skipped(tid, time);
                self.changes_nothing = true;
                if is_worker && self.watch.is_frozen() {
                    self.changes_nothing = false;
                    return self.suspend(stopped);
                }
                self.watch.rounds += u64::from(!is_worker);
                if self.watch.has_slept() {
                    return self.hold(stopped, Held::Nap(Instant::now()));
                }
            }
            Call::AskForChild => {
                self.watch.rounds += 1;
                self.changes_nothing = is_in_vain;
            }
            _ => {}
        }
        self.resume(stopped, 0);
    }

    /// Whether the engine holds all children of a task's process, so that none can end.
    fn holds_all_children_of(&self, tid: Pid) -> bool {
        let Some(index) = self.alive.get(&tid).map(|task| task.index) else {
            return false;
        };
        let process = self.observed.process_of(index);
        let is_held = |tid| {
            self.alive
                .get(&Pid::from_raw(tid))
                .is_some_and(Task::is_held)
        };
        let mut tasks = self.observed.tasks.iter().enumerate();
        tasks.all(|(child, task)| {
            task.kind != Kind::Process
                || task.reaped_by.is_some()
                || self.observed.parent_of(child) != Some(process)
                || is_held(task.tid)
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
            let task = self.alive.get(&tid);
            let is_worker = task.is_some_and(|task| task.is_worker);
            if task.is_some_and(|task| task.snapshot.is_some()) && may_wake(&stopped) {
                self.intervene_on_the_way(tid);
            }
            if self.run.replaces_early && is_worker {
                self.replace_text();
            }
            return self.resume(stopped, 0);
        };
        self.restore_limit(tid, result);
        let Some(task) = self.alive.get_mut(&tid) else {
            return self.resume(stopped, 0);
        };
        let (index, call) = (task.index, task.call.take());
        let has_failed_to_create = task.creates.take().is_some();
        let is_worker = task.is_worker && task.sees_calls;
        let errno = i32::try_from(-result).map(Errno::from_raw);
        if has_failed_to_create && matches!(errno, Ok(Errno::EAGAIN | Errno::ENOMEM)) {
            let action = "start as many threads and processes as the program needs";
            self.error = Some(Error::os(action, errno.unwrap_or(Errno::EAGAIN)));
        }
        match call {
            Some(Call::WaitForChild | Call::AskForChild) if result >= 0 => {
                let reaped = self.reaped_by(tid, index, result);
                if reaped.is_empty() && call == Some(Call::WaitForChild) {
                    self.event(index, Event::Returned);
                }
                for child in reaped {
                    self.tells_of_core(tid, child);
                    self.observed.tasks[child].reaped_by = Some(index);
                    self.event(index, Event::Reaped(child));
                }
            }
            Some(Call::AskForChild) | None => {}
            Some(call) => {
                // There is no such child. A program that repeats the call polls.
                self.watch.rounds += u64::from(call == Call::WaitForChild);
                self.event(index, Event::Returned);
            }
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
    fn tells_of_core(&self, waiting: Pid, child: TaskIndex) {
        let status_at = self.alive.get(&waiting).and_then(|task| task.status_at);
        let (Some(status_at), Some(Fault::KilledAtEnd(signal))) = (status_at, self.fault_of(child))
        else {
            return;
        };
        let (address, offset, told) = match status_at {
            StatusAt::Status(address) => (address, 0, signal as i32 | CORE),
            StatusAt::Siginfo(address) => (address, SI_CODE, libc::CLD_DUMPED),
        };
        let status = self.observed.tasks[child].ended.map_or(0, |end| end.1);
        let is_killed = libc::WIFSIGNALED(status) && libc::WTERMSIG(status) == signal as i32;
        if is_killed && dumps_core(signal as i32) && address != 0 {
            write_memory(waiting, address + offset, &told.to_ne_bytes());
        }
    }

    /// The children that a wait has returned to a task's process: the named child, which may be
    /// an adopted one, or else all its own children that the kernel has removed.
    fn reaped_by(&self, waiting: Pid, index: TaskIndex, result: i64) -> Vec<TaskIndex> {
        let status_at = self.alive.get(&waiting).and_then(|task| task.status_at);
        let named = match status_at {
            Some(StatusAt::Status(_)) => i32::try_from(result).ok(),
            Some(StatusAt::Siginfo(address)) if address != 0 => {
                let pid = read_memory(waiting, address + SI_PID, size_of::<i32>());
                pid.try_into().ok().map(i32::from_ne_bytes)
            }
            _ => None,
        };
        let parent = self.observed.process_of(index);
        let tasks = self.observed.tasks.iter().enumerate();
        let children = tasks.filter(|(child, task)| {
            let is_returned = match named {
                Some(pid) => pid == task.tid,
                None => self.observed.parent_of(*child) == Some(parent),
            };
            let has_ended = task.kind == Kind::Process && task.ended.is_some();
            is_returned && has_ended && task.reaped_by.is_none()
        });
        let reaped = children.filter(|(_, task)| !exists(task.tid));
        reaped.map(|(child, _)| child).collect()
    }

    /// A new timer will send a signal, or make a descriptor readable.
    fn notes_timer(&mut self, tid: Pid, number: i64, args: [u64; 6]) {
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
        let time = duration_at(tid, new_value + HALF);
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

/// Whether a system call may let another task continue. Frequent calls that wake no task are
/// left out.
fn may_wake(stopped: &Stopped) -> bool {
    let Ok(Begun { number, args, .. }) = stopped.call() else {
        return true;
    };
    match number {
        libc::SYS_futex => int(args[1]) & libc::FUTEX_CMD_MASK != libc::FUTEX_WAIT_BITSET,
        libc::SYS_brk
        | libc::SYS_clock_nanosleep
        | libc::SYS_madvise
        | libc::SYS_mmap
        | libc::SYS_mprotect
        | libc::SYS_munmap
        | libc::SYS_nanosleep
        | libc::SYS_sched_yield => false,
        _ => true,
    }
}

/// Whether a path is in the folder of the run, where a program starts.
fn is_of_the_run(tid: Pid, path: u64) -> bool {
    let first = read_memory(tid, path, 1);
    !first.is_empty() && first != b"/"
}

/// The kind of task that a call creates, `clone(2)`.
fn created_by(number: i64, args: [u64; 6]) -> Option<Kind> {
    match number {
        libc::SYS_clone if int(args[0]) & libc::CLONE_THREAD != 0 => Some(Kind::Thread),
        libc::SYS_clone => Some(Kind::Process),
        #[cfg(target_arch = "x86_64")]
        libc::SYS_fork | libc::SYS_vfork => Some(Kind::Process),
        _ => None,
    }
}

/// The call in which a task sleeps, if it is a relevant one.
pub(super) fn current(tid: Pid) -> Option<Call> {
    let (number, args) = current_call(tid)?;
    decode_at(tid, number, args)
}

/// Decodes a call of this task.
pub(super) fn decode_at(tid: Pid, number: i64, args: [u64; 6]) -> Option<Call> {
    let fd_blocks = |fd| can_block(tid, fd);
    let time_at = |address| duration_at(tid, address);
    decode(number, args, fd_blocks, time_at)
}

/// The task whose end this call waits for, if there is one. The call names the id of a child,
/// or a futex that holds the id of a thread, as `pthread_join` does.
pub(super) fn awaited(tid: Pid, number: i64, args: [u64; 6]) -> Option<i32> {
    let awaited = match number {
        libc::SYS_wait4 => int(args[0]),
        libc::SYS_waitid => match (u32::try_from(args[0]), int(args[1])) {
            (Ok(libc::P_PID), child) => child,
            (Ok(libc::P_PIDFD), fd) => process_of_pidfd(tid, fd)?,
            _ => return None,
        },
        libc::SYS_futex => int(args[2]),
        libc::SYS_ppoll => return process_of_poll(tid, args[0], args[1]),
        #[cfg(target_arch = "x86_64")]
        libc::SYS_poll => return process_of_poll(tid, args[0], args[1]),
        _ => return None,
    };
    Some(awaited).filter(|awaited| *awaited > 0)
}

/// The process that a task polls with a single descriptor, `pidfd_open(2)`.
fn process_of_poll(tid: Pid, fds: u64, count: u64) -> Option<i32> {
    if count != 1 {
        return None;
    }
    let fd = read_memory(tid, fds, 4).try_into().ok()?;
    process_of_pidfd(tid, i32::from_ne_bytes(fd))
}
