//! The relevant system calls, and their meaning.

use std::time::Duration;

/// A system call that shows waiting or a visible effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// Writes to this file descriptor.
    Write(i32),
    /// Waits for a child to end, without a time limit.
    WaitForChild,
    /// Asks whether a child has ended.
    AskForChild,
    /// Waits for another thread, without a time limit.
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

/// Decodes a system call from its number and its arguments.
///
/// `fd_blocks` returns whether reading from a file descriptor may wait for another task, as for
/// a pipe. `time_at` reads a `timespec` of the caller.
pub(crate) fn decode(
    number: i64,
    args: [u64; 6],
    fd_blocks: impl Fn(i32) -> bool,
    time_at: impl Fn(u64) -> Duration,
) -> Option<Call> {
    let endless_or_timed = |is_endless, call| {
        Some(match is_endless {
            true => call,
            false => Call::TimedWait,
        })
    };
    let child = |options: u64| {
        Some(match int(options) & libc::WNOHANG {
            0 => Call::WaitForChild,
            _ => Call::AskForChild,
        })
    };
    match number {
        libc::SYS_write
        | libc::SYS_writev
        | libc::SYS_pwrite64
        | libc::SYS_sendto
        | libc::SYS_sendmsg => Some(Call::Write(int(args[0]))),
        libc::SYS_wait4 => child(args[2]),
        libc::SYS_waitid => child(args[3]),
        libc::SYS_futex => match int(args[1]) & libc::FUTEX_CMD_MASK {
            libc::FUTEX_WAIT
            | libc::FUTEX_WAIT_BITSET
            | libc::FUTEX_LOCK_PI
            | libc::FUTEX_LOCK_PI2
            | libc::FUTEX_WAIT_REQUEUE_PI => endless_or_timed(args[3] == 0, Call::Futex),
            _ => None,
        },
        libc::SYS_read | libc::SYS_readv => fd_blocks(int(args[0])).then_some(Call::Read),
        libc::SYS_recvfrom | libc::SYS_recvmsg => Some(Call::Read),
        libc::SYS_ppoll => endless_or_timed(args[2] == 0, Call::Read),
        libc::SYS_pselect6 => endless_or_timed(args[4] == 0, Call::Read),
        libc::SYS_epoll_pwait => endless_or_timed(int(args[3]) < 0, Call::Read),
        #[cfg(target_arch = "x86_64")]
        libc::SYS_poll => endless_or_timed(int(args[2]) < 0, Call::Read),
        #[cfg(target_arch = "x86_64")]
        libc::SYS_select => endless_or_timed(args[4] == 0, Call::Read),
        #[cfg(target_arch = "x86_64")]
        libc::SYS_epoll_wait => endless_or_timed(int(args[3]) < 0, Call::Read),
        #[cfg(target_arch = "x86_64")]
        libc::SYS_pause => Some(Call::Pause),
        libc::SYS_rt_sigsuspend => Some(Call::Pause),
        libc::SYS_rt_sigtimedwait => endless_or_timed(args[2] == 0, Call::Pause),
        libc::SYS_nanosleep => Some(Call::Sleep(time_at(args[0]))),
        // A relative or an absolute time.
        libc::SYS_clock_nanosleep => Some(match int(args[1]) & libc::TIMER_ABSTIME {
            0 => Call::Sleep(time_at(args[2])),
            _ => Call::TimedWait,
        }),
        libc::SYS_exit_group => Some(Call::Exit),
        _ => None,
    }
}

/// An `int` that was passed in a register.
pub(crate) fn int(register: u64) -> i32 {
    ((register & 0xffff_ffff) as u32).cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode_call(number: libc::c_long, args: [u64; 6]) -> Option<Call> {
        decode(number, args, |fd| fd == 7, Duration::from_secs)
    }

    #[test]
    fn an_endless_wait_blocks_and_a_timed_one_ends_by_itself() {
        let futex = |op: i32, timeout| {
            let op = u64::from(op.cast_unsigned());
            decode_call(libc::SYS_futex, [0, op, 0, timeout, 0, 0])
        };
        let private_wait = libc::FUTEX_WAIT_BITSET | libc::FUTEX_PRIVATE_FLAG;
        assert_eq!(futex(private_wait, 0), Some(Call::Futex));
        assert_eq!(futex(private_wait, 0x1000), Some(Call::TimedWait));
        assert_eq!(futex(libc::FUTEX_WAKE, 0), None);
        let epoll = |timeout: i32| {
            let timeout = u64::from(timeout.cast_unsigned());
            decode_call(libc::SYS_epoll_pwait, [0, 0, 0, timeout, 0, 0])
        };
        assert_eq!(epoll(-1), Some(Call::Read));
        assert_eq!(epoll(0), Some(Call::TimedWait));
    }

    #[test]
    fn a_sleep_tells_how_long_it_is() {
        let sleep = |flags: i32| {
            let flags = u64::from(flags.cast_unsigned());
            decode_call(libc::SYS_clock_nanosleep, [1, flags, 5, 0, 0, 0])
        };
        assert_eq!(sleep(0), Some(Call::Sleep(Duration::from_secs(5))));
        assert_eq!(sleep(libc::TIMER_ABSTIME), Some(Call::TimedWait));
    }

    #[test]
    fn wnohang_asks() {
        let wait4 = |options: i32| {
            let options = u64::from(options.cast_unsigned());
            decode_call(libc::SYS_wait4, [0, 0, options, 0, 0, 0])
        };
        assert_eq!(wait4(0), Some(Call::WaitForChild));
        assert_eq!(wait4(libc::WNOHANG), Some(Call::AskForChild));
    }

    #[test]
    fn only_pipes_are_waited_for() {
        let read = |fd| decode_call(libc::SYS_read, [fd, 0, 0, 0, 0, 0]);
        assert_eq!(read(7), Some(Call::Read));
        assert_eq!(read(3), None);
        assert_eq!(decode_call(libc::SYS_getpid, [0; 6]), None);
    }
}
