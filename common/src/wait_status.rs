//! Decodes the wait status of a child: the number that `waitpid(2)` stores through its
//! second argument, and that [`waitpid`](crate::waitpid) returns.
//!
//! A wait status is not an exit status. It has several fields.
//!
#![doc = include_str!("wait_status.md")]
//!
//! POSIX does not define the bits. It defines macros that read them, for C programs. (Older
//! editions have no WCOREDUMP.) The functions of this module have the names of those macros, in
//! lower case. Linux uses the same bits on every architecture. [`WaitStatus`] holds all fields as
//! one value.

use nix::sys::signal::Signal;
use std::fmt;

/// `WIFEXITED`: the child ended by `exit`, `_exit` or a return from `main`.
#[must_use]
pub const fn wifexited(status: i32) -> bool {
    wtermsig(status) == 0
}

/// `WEXITSTATUS`: the exit status, 0 to 255. It is valid only if [`wifexited`] is true.
#[must_use]
pub const fn wexitstatus(status: i32) -> i32 {
    (status >> 8) & 0xff
}

/// `WIFSIGNALED`: the child was killed by a signal.
#[must_use]
pub const fn wifsignaled(status: i32) -> bool {
    // 0 stands for "exited", 127 for "stopped" and "continued".
    !matches!(wtermsig(status), 0 | 0x7f)
}

/// `WTERMSIG`: the number of the signal that killed the child. It is valid only if
/// [`wifsignaled`] is true.
#[must_use]
pub const fn wtermsig(status: i32) -> i32 {
    status & 0x7f
}

/// `WCOREDUMP`: the child left a core dump, `core(5)`. It is valid only if [`wifsignaled`] is true.
#[must_use]
pub const fn wcoredump(status: i32) -> bool {
    status & 0x80 != 0
}

/// `WIFSTOPPED`: a signal has stopped the child, and the child has not ended. `waitpid` reports
/// it only with the option `WUNTRACED`, or to a tracer.
#[must_use]
pub const fn wifstopped(status: i32) -> bool {
    status & 0xff == 0x7f
}

/// `WSTOPSIG`: the number of the signal that stopped the child. It is valid only if
/// [`wifstopped`] is true.
#[must_use]
pub const fn wstopsig(status: i32) -> i32 {
    wexitstatus(status)
}

/// `WIFCONTINUED`: the child runs again after a stop. `waitpid` reports it only with
/// the option `WCONTINUED`.
#[must_use]
pub const fn wifcontinued(status: i32) -> bool {
    status == 0xffff
}

/// A wait status as one value: the child ended, was stopped, or was continued.
///
/// Its text continues a sentence: "process 2 *was killed by signal 11 (SIGSEGV)*".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaitStatus {
    /// `WIFEXITED`.
    Exited {
        /// `WEXITSTATUS`, 0 to 255.
        exit_status: i32,
    },
    /// `WIFSIGNALED`.
    Signaled {
        /// `WTERMSIG`.
        signal: i32,
        /// `WCOREDUMP`.
        core_dumped: bool,
    },
    /// `WIFSTOPPED`.
    Stopped {
        /// `WSTOPSIG`.
        signal: i32,
    },
    /// `WIFCONTINUED`.
    Continued,
    /// Bits that no macro recognises. Linux does not report them.
    Unknown(i32),
}

impl WaitStatus {
    /// Decodes a wait status.
    #[must_use]
    pub const fn from_raw(status: i32) -> Self {
        if wifexited(status) {
            Self::Exited {
                exit_status: wexitstatus(status),
            }
        } else if wifsignaled(status) {
            Self::Signaled {
                signal: wtermsig(status),
                core_dumped: wcoredump(status),
            }
        } else if wifstopped(status) {
            Self::Stopped {
                signal: wstopsig(status),
            }
        } else if wifcontinued(status) {
            Self::Continued
        } else {
            Self::Unknown(status)
        }
    }
}

impl fmt::Display for WaitStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let by = |signal| format!("by signal {signal} ({})", signal_name(signal));
        match *self {
            Self::Exited { exit_status } => write!(f, "exited with status {exit_status}"),
            Self::Signaled {
                signal,
                core_dumped,
            } => {
                let core = if core_dumped { ", core dumped" } else { "" };
                write!(f, "was killed {}{core}", by(signal))
            }
            Self::Stopped { signal } => write!(f, "was stopped {}", by(signal)),
            Self::Continued => f.write_str("was continued"),
            Self::Unknown(status) => write!(f, "has the unknown wait status {status:#06x}"),
        }
    }
}

/// The name of a signal: "SIGSEGV" for 11. Real-time signals are "SIGRTMIN+n",
/// `signal(7)`.
///
/// ```
/// use common::wait_status::signal_name;
/// assert_eq!(signal_name(11), "SIGSEGV");
/// assert_eq!(signal_name(0), "unknown signal");
/// ```
#[must_use]
pub fn signal_name(signal: i32) -> String {
    let (first, last) = (libc::SIGRTMIN(), libc::SIGRTMAX());
    match Signal::try_from(signal) {
        Ok(signal) => signal.as_str().into(),
        Err(_) if signal == first => "SIGRTMIN".into(),
        Err(_) if first < signal && signal <= last => format!("SIGRTMIN+{}", signal - first),
        Err(_) => "unknown signal".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::process::ExitStatusExt;
    use std::process::Command;

    /// Compares every pattern of the 16 bits of a status with the C macros of the `libc` crate.
    #[test]
    fn agrees_with_the_macros_on_all_bit_patterns() {
        for status in 0..=0xffff {
            let context = format!("status {status:#06x}");
            assert_eq!(wifexited(status), libc::WIFEXITED(status), "{context}");
            assert_eq!(wifsignaled(status), libc::WIFSIGNALED(status), "{context}");
            assert_eq!(wifstopped(status), libc::WIFSTOPPED(status), "{context}");
            assert_eq!(
                wifcontinued(status),
                libc::WIFCONTINUED(status),
                "{context}"
            );
            assert_eq!(wexitstatus(status), libc::WEXITSTATUS(status), "{context}");
            assert_eq!(wtermsig(status), libc::WTERMSIG(status), "{context}");
            assert_eq!(wcoredump(status), libc::WCOREDUMP(status), "{context}");
            assert_eq!(wstopsig(status), libc::WSTOPSIG(status), "{context}");
        }
    }

    /// Exactly one of the macros is true for each pattern.
    #[test]
    fn every_bit_pattern_has_its_variant() {
        for status in 0..=0xffff {
            let expected = match WaitStatus::from_raw(status) {
                WaitStatus::Exited { exit_status } => {
                    libc::WIFEXITED(status) && exit_status == libc::WEXITSTATUS(status)
                }
                WaitStatus::Signaled {
                    signal,
                    core_dumped,
                } => {
                    libc::WIFSIGNALED(status)
                        && signal == libc::WTERMSIG(status)
                        && core_dumped == libc::WCOREDUMP(status)
                }
                WaitStatus::Stopped { signal } => {
                    libc::WIFSTOPPED(status) && signal == libc::WSTOPSIG(status)
                }
                WaitStatus::Continued => libc::WIFCONTINUED(status),
                WaitStatus::Unknown(same) => {
                    same == status
                        && !libc::WIFEXITED(status)
                        && !libc::WIFSIGNALED(status)
                        && !libc::WIFSTOPPED(status)
                        && !libc::WIFCONTINUED(status)
                }
            };
            assert!(expected, "status {status:#06x}");
        }
    }

    #[test]
    fn reads_well() {
        let text = |status| WaitStatus::from_raw(status).to_string();
        assert_eq!(text(0x0000), "exited with status 0");
        assert_eq!(text(0x0300), "exited with status 3");
        assert_eq!(text(0x000b), "was killed by signal 11 (SIGSEGV)");
        assert_eq!(
            text(0x008b),
            "was killed by signal 11 (SIGSEGV), core dumped"
        );
        assert_eq!(text(0x137f), "was stopped by signal 19 (SIGSTOP)");
        assert_eq!(text(0xffff), "was continued");
        assert_eq!(text(0x01ff), "has the unknown wait status 0x01ff");
    }

    #[test]
    fn signals_have_names() {
        assert_eq!(signal_name(9), "SIGKILL");
        assert_eq!(signal_name(libc::SIGRTMIN()), "SIGRTMIN");
        assert_eq!(signal_name(libc::SIGRTMIN() + 3), "SIGRTMIN+3");
        assert_eq!(signal_name(libc::SIGRTMAX() + 1), "unknown signal");
    }

    /// Real children: a shell signals itself with `$$`, and its parent reads the status.
    #[test]
    fn real_children() {
        let wait_status = |script: &str| {
            let status = Command::new("sh")
                .args(["-c", &format!("ulimit -c 0; {script}")])
                .status()
                .expect("a shell");
            WaitStatus::from_raw(status.into_raw())
        };
        let killed_by = |signal| WaitStatus::Signaled {
            signal,
            core_dumped: false,
        };
        assert_eq!(wait_status("exit 0"), WaitStatus::Exited { exit_status: 0 });
        assert_eq!(wait_status("exit 3"), WaitStatus::Exited { exit_status: 3 });
        for signal in [libc::SIGSEGV, libc::SIGKILL, libc::SIGABRT] {
            assert_eq!(
                wait_status(&format!("kill -{signal} $$")),
                killed_by(signal)
            );
        }
    }
}
