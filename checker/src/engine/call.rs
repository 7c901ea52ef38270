//! The system calls that matter, and what they mean.

use std::time::Duration;

/// A system call, as far as it tells something about waiting and being seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// Writes to standard output (1) or standard error (2).
    Write {
        /// 1 or 2.
        fd: i32,
    },
    /// Opens a file whose name is at this address.
    Open {
        /// Where in the memory of the task.
        name: u64,
    },
    /// Waits for a child to end, for as long as it takes.
    WaitForChild,
    /// Asks whether a child has ended.
    AskForChild,
    /// Waits for another thread, for as long as it takes.
    Futex,
    /// Waits for something to be read, for as long as it takes.
    Read,
    /// Waits for a signal, for as long as it takes.
    Pause,
    /// Waits for something, at the most for a time.
    TimedWait,
    /// Waits for this time to pass.
    Sleep(Duration),
    /// Gives way to others.
    Yield,
    /// Ends the process.
    Exit,
}

/// What a call means for somebody whose worker is held.
pub(super) enum Meaning {
    /// Can be seen from outside.
    Observable,
    /// Blocks until somebody else does something.
    Blocks,
    /// One more round of asking or giving way.
    Polls,
}

impl Call {
    pub(super) fn meaning(self) -> Meaning {
        match self {
            Self::Write { .. } | Self::Open { .. } | Self::Exit => Meaning::Observable,
            Self::WaitForChild | Self::Futex | Self::Read | Self::Pause => Meaning::Blocks,
            Self::AskForChild | Self::TimedWait | Self::Sleep(_) | Self::Yield => Meaning::Polls,
        }
    }

    /// Whether its end matters as well: it has a result, or nobody knows beforehand
    /// how long it takes.
    pub(super) fn has_an_end_that_matters(self) -> bool {
        match self {
            Self::WaitForChild | Self::AskForChild => true,
            Self::Futex | Self::Read | Self::Pause | Self::TimedWait => true,
            Self::Write { .. } | Self::Open { .. } | Self::Sleep(_) => false,
            Self::Yield | Self::Exit => false,
        }
    }
}

/// Decodes a system call from its number and its arguments.
///
/// `fd_blocks` tells whether reading from a file descriptor can mean waiting for
/// somebody: a pipe or the like. `time_at` reads a `timespec` of the caller.
pub(super) fn decode(
    number: u64,
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
        let asks = int(options) & libc::WNOHANG != 0;
        Some(if asks {
            Call::AskForChild
        } else {
            Call::WaitForChild
        })
    };
    match i64::try_from(number).ok()? {
        libc::SYS_write | libc::SYS_writev => match int(args[0]) {
            fd @ (libc::STDOUT_FILENO | libc::STDERR_FILENO) => Some(Call::Write { fd }),
            _ => None,
        },
        libc::SYS_openat | libc::SYS_openat2 => Some(Call::Open { name: args[1] }),
        #[cfg(target_arch = "x86_64")]
        libc::SYS_open | libc::SYS_creat => Some(Call::Open { name: args[0] }),
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
        // Until a time, or for a time.
        libc::SYS_clock_nanosleep => Some(match int(args[1]) & libc::TIMER_ABSTIME {
            0 => Call::Sleep(time_at(args[2])),
            _ => Call::TimedWait,
        }),
        libc::SYS_sched_yield => Some(Call::Yield),
        libc::SYS_exit_group => Some(Call::Exit),
        _ => None,
    }
}

/// An `int` that was passed in a register.
fn int(register: u64) -> i32 {
    ((register & 0xffff_ffff) as u32).cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode_call(number: libc::c_long, args: [u64; 6]) -> Option<Call> {
        let fd_blocks = |fd| fd == 7;
        decode(number.cast_unsigned(), args, fd_blocks, Duration::from_secs)
    }

    #[test]
    fn an_endless_wait_blocks_and_a_timed_one_polls() {
        let futex = |op: i32, timeout| {
            decode_call(
                libc::SYS_futex,
                [0, u64::from(op.cast_unsigned()), 0, timeout, 0, 0],
            )
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
            decode_call(
                libc::SYS_wait4,
                [0, 0, u64::from(options.cast_unsigned()), 0, 0, 0],
            )
        };
        assert_eq!(wait4(0), Some(Call::WaitForChild));
        assert_eq!(wait4(libc::WNOHANG), Some(Call::AskForChild));
    }

    #[test]
    fn only_pipes_are_waited_for_and_only_output_is_seen() {
        assert_eq!(
            decode_call(libc::SYS_read, [7, 0, 0, 0, 0, 0]),
            Some(Call::Read)
        );
        assert_eq!(decode_call(libc::SYS_read, [3, 0, 0, 0, 0, 0]), None);
        assert_eq!(
            decode_call(libc::SYS_write, [1, 0, 0, 0, 0, 0]),
            Some(Call::Write { fd: 1 })
        );
        assert_eq!(decode_call(libc::SYS_write, [3, 0, 0, 0, 0, 0]), None);
        assert_eq!(decode_call(libc::SYS_getpid, [0; 6]), None);
    }
}
