//! System calls, and the meaning of the relevant ones.

use crate::Kind;
use crate::proc::{can_block, duration_at, int_at, process_of_pidfd};
use nix::unistd::Pid;
use std::time::Duration;

/// The operations of `futex(2)` that wait.
pub(crate) const FUTEX_WAITS: [i32; 5] = [
    libc::FUTEX_WAIT,
    libc::FUTEX_WAIT_BITSET,
    libc::FUTEX_LOCK_PI,
    libc::FUTEX_LOCK_PI2,
    libc::FUTEX_WAIT_REQUEUE_PI,
];

/// A system call that shows waiting or a visible effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// Writes to this file descriptor.
    Write(i32),
    /// Waits for a child to end, without a time limit.
    WaitForChild,
    /// Asks whether a child has ended.
    AskForChild,
    /// Waits for another task, without a time limit.
    Futex,
    /// Waits for input, without a time limit.
    Read,
    /// Waits for a signal, without a time limit.
    Pause,
    /// Waits for an event, with a time limit.
    TimedWait,
    /// Waits for this time to pass.
    Sleep(Duration),
    /// Ends the process.
    Exit,
}

impl Call {
    /// Whether the call ends by itself, without another task.
    pub(crate) fn ends_by_itself(self) -> bool {
        !matches!(
            self,
            Self::WaitForChild | Self::Futex | Self::Read | Self::Pause
        )
    }

    /// Whether the end of the call matters too: it has a result, or takes an unknown time.
    pub(crate) fn has_an_end_that_matters(self) -> bool {
        !matches!(self, Self::Write(_) | Self::Sleep(_) | Self::Exit)
    }
}

/// A system call with its arguments, `syscall(2)`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SystemCall {
    pub(crate) number: i64,
    pub(crate) args: [u64; 6],
}

impl SystemCall {
    /// What this call of a task means, if it is relevant.
    pub(crate) fn meaning(self, tid: Pid) -> Option<Call> {
        let args = self.args;
        // A wait with a time limit of zero is no wait.
        let until = |limit: u64, endless: Call| match limit {
            0 => Some(endless),
            limit => (!duration_at(tid, limit).is_zero()).then_some(Call::TimedWait),
        };
        let for_ms = |limit: u64| match int(limit) {
            ..0 => Some(Call::Read),
            limit => (limit > 0).then_some(Call::TimedWait),
        };
        let child = |options: u64| match int(options) & libc::WNOHANG {
            0 => Call::WaitForChild,
            _ => Call::AskForChild,
        };
        Some(match self.number {
            libc::SYS_write
            | libc::SYS_writev
            | libc::SYS_pwrite64
            | libc::SYS_sendto
            | libc::SYS_sendmsg => Call::Write(int(args[0])),
            libc::SYS_wait4 => child(args[2]),
            libc::SYS_waitid => child(args[3]),
            libc::SYS_read | libc::SYS_readv if can_block(tid, int(args[0])) => Call::Read,
            libc::SYS_recvfrom | libc::SYS_recvmsg => Call::Read,
            libc::SYS_ppoll => until(args[2], Call::Read)?,
            libc::SYS_pselect6 => until(args[4], Call::Read)?,
            libc::SYS_epoll_pwait => for_ms(args[3])?,
            libc::SYS_epoll_pwait2 => until(args[3], Call::Read)?,
            libc::SYS_recvmmsg => until(args[4], Call::Read)?,
            libc::SYS_futex if !FUTEX_WAITS.contains(&self.futex_operation()) => return None,
            libc::SYS_futex | libc::SYS_futex_waitv => match args[3] {
                0 => Call::Futex,
                _ => Call::TimedWait,
            },
            #[cfg(target_arch = "x86_64")]
            libc::SYS_poll => for_ms(args[2])?,
            #[cfg(target_arch = "x86_64")]
            libc::SYS_select => until(args[4], Call::Read)?,
            #[cfg(target_arch = "x86_64")]
            libc::SYS_epoll_wait => for_ms(args[3])?,
            #[cfg(target_arch = "x86_64")]
            libc::SYS_pause => Call::Pause,
            libc::SYS_rt_sigsuspend => Call::Pause,
            libc::SYS_rt_sigtimedwait => until(args[2], Call::Pause)?,
            // The kernel goes on with an interrupted call that has a time limit.
            libc::SYS_restart_syscall => Call::TimedWait,
            libc::SYS_nanosleep => Call::Sleep(duration_at(tid, args[0])),
            // A relative or an absolute time.
            libc::SYS_clock_nanosleep => match int(args[1]) & libc::TIMER_ABSTIME {
                0 => Call::Sleep(duration_at(tid, args[2])),
                _ => Call::TimedWait,
            },
            libc::SYS_exit_group => Call::Exit,
            _ => return None,
        })
    }

    /// The kind of task that the call creates, `clone(2)`.
    pub(crate) fn creates(self) -> Option<Kind> {
        match self.number {
            libc::SYS_clone if int(self.args[0]) & libc::CLONE_THREAD != 0 => Some(Kind::Thread),
            libc::SYS_clone => Some(Kind::Process),
            #[cfg(target_arch = "x86_64")]
            libc::SYS_fork | libc::SYS_vfork => Some(Kind::Process),
            _ => None,
        }
    }

    /// The task whose end this call of a task waits for, if there is one. The call names the id
    /// of a child, or a futex that holds the id of a thread, as `pthread_join` does.
    pub(crate) fn awaited(self, tid: Pid) -> Option<Pid> {
        let args = self.args;
        let awaited = match self.number {
            libc::SYS_wait4 => int(args[0]),
            libc::SYS_waitid => match (u32::try_from(args[0]), int(args[1])) {
                (Ok(libc::P_PID), child) => child,
                (Ok(libc::P_PIDFD), fd) => process_of_pidfd(tid, fd)?,
                _ => return None,
            },
            libc::SYS_futex => int(args[2]),
            libc::SYS_ppoll => process_of_poll(tid, args)?,
            #[cfg(target_arch = "x86_64")]
            libc::SYS_poll => process_of_poll(tid, args)?,
            _ => return None,
        };
        (awaited > 0).then(|| Pid::from_raw(awaited))
    }

    /// Whether the call may let another task continue. Frequent calls that wake no task are left
    /// out.
    pub(crate) fn may_wake(self) -> bool {
        match self.number {
            libc::SYS_futex => self.futex_operation() != libc::FUTEX_WAIT_BITSET,
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

    /// The operation of a `futex(2)` call, without its flags.
    pub(crate) fn futex_operation(self) -> i32 {
        int(self.args[1]) & libc::FUTEX_CMD_MASK
    }
}

/// The process that a task polls with a single descriptor, `pidfd_open(2)`.
fn process_of_poll(tid: Pid, [fds, count, ..]: [u64; 6]) -> Option<i32> {
    if count != 1 {
        return None;
    }
    process_of_pidfd(tid, int_at(tid, fds)?)
}

/// An `int` that was passed in a register.
pub(crate) fn int(register: u64) -> i32 {
    ((register & 0xffff_ffff) as u32).cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;
    use nix::unistd::getpid;
    use std::io::pipe;
    use std::os::fd::AsRawFd;

    fn meaning(number: libc::c_long, args: [u64; 6]) -> Option<Call> {
        SystemCall { number, args }.meaning(getpid())
    }

    fn register(number: i32) -> u64 {
        u64::from(number.cast_unsigned())
    }

    #[test]
    fn an_endless_wait_blocks_and_a_timed_one_ends_by_itself() {
        let futex = |op, timeout| meaning(libc::SYS_futex, [0, register(op), 0, timeout, 0, 0]);
        let private_wait = libc::FUTEX_WAIT_BITSET | libc::FUTEX_PRIVATE_FLAG;
        assert_eq!(futex(private_wait, 0), Some(Call::Futex));
        assert_eq!(futex(private_wait, 0x1000), Some(Call::TimedWait));
        assert_eq!(futex(libc::FUTEX_WAKE, 0), None);
        let epoll = |time| meaning(libc::SYS_epoll_pwait, [0, 0, 0, register(time), 0, 0]);
        assert_eq!(epoll(-1), Some(Call::Read));
        assert_eq!(epoll(1), Some(Call::TimedWait));
        assert_eq!(epoll(0), None);
        let time: [libc::c_long; 2] = [0, 1];
        let address = time.as_ptr().addr() as u64;
        let endless_and_timed = |number, endless| {
            // The limit is the fourth or the fifth argument.
            let call = |limit| meaning(number, [0, 0, 0, limit, limit, 0]);
            assert_eq!(call(0), Some(endless));
            assert_eq!(call(address), Some(Call::TimedWait));
        };
        endless_and_timed(libc::SYS_epoll_pwait2, Call::Read);
        endless_and_timed(libc::SYS_recvmmsg, Call::Read);
        endless_and_timed(libc::SYS_futex_waitv, Call::Futex);
        // Its end is near, even if the engine has interrupted it.
        let interrupted = meaning(libc::SYS_restart_syscall, [0; 6]);
        assert_eq!(interrupted, Some(Call::TimedWait));
    }

    #[test]
    fn a_sleep_tells_how_long_it_is() {
        let time: [libc::c_long; 2] = [5, 1];
        let address = time.as_ptr().addr() as u64;
        let sleep = |flags| {
            meaning(
                libc::SYS_clock_nanosleep,
                [1, register(flags), address, 0, 0, 0],
            )
        };
        assert_eq!(sleep(0), Some(Call::Sleep(Duration::new(5, 1))));
        assert_eq!(sleep(libc::TIMER_ABSTIME), Some(Call::TimedWait));
    }

    #[test]
    fn wnohang_asks() {
        let wait4 = |options| meaning(libc::SYS_wait4, [0, 0, register(options), 0, 0, 0]);
        assert_eq!(wait4(0), Some(Call::WaitForChild));
        assert_eq!(wait4(libc::WNOHANG), Some(Call::AskForChild));
    }

    #[test]
    fn only_pipes_are_waited_for() {
        let (end, _other_end) = pipe().expect("a pipe");
        let file = std::fs::File::open("/dev/null").expect("a file");
        let read = |fd| meaning(libc::SYS_read, [register(fd), 0, 0, 0, 0, 0]);
        assert_eq!(read(end.as_raw_fd()), Some(Call::Read));
        assert_eq!(read(file.as_raw_fd()), None);
        assert_eq!(meaning(libc::SYS_getpid, [0; 6]), None);
    }
}
