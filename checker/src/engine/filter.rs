//! Which system calls a traced program stops at.
//!
//! A program that stopped at every one of them would run many times slower, and
//! those that only copy or map memory tell nothing. A filter in the kernel,
//! `seccomp(2)`, picks those that [`decode`](super::call::decode) knows.

use super::Run;
use seccompiler::SeccompCmpArgLen::Dword;
use seccompiler::SeccompCmpOp::{Eq, MaskedEq};
use seccompiler::{
    BackendError, BpfProgram, SeccompAction, SeccompCondition, SeccompFilter, SeccompRule,
};
use std::collections::BTreeMap;
use std::env::consts::ARCH;
use std::io;

/// The filters for a run on this machine.
pub(super) fn filters(run: &Run) -> io::Result<[BpfProgram; 3]> {
    let all = || -> Result<_, BackendError> {
        // A child that nobody may trace would escape.
        let flag = u64::from(libc::CLONE_UNTRACED.cast_unsigned());
        let has_flag = SeccompCondition::new(0, Dword, MaskedEq(flag), flag)?;
        let untraced = BTreeMap::from([(libc::SYS_clone, vec![SeccompRule::new(vec![has_flag])?])]);
        // Its flags are in memory, where no filter sees them. Whoever uses it knows that
        // there are systems without it.
        let clone3 = BTreeMap::from([(libc::SYS_clone3, Vec::new())]);
        Ok([
            compile(rules(run)?, SeccompAction::Trace(0))?,
            compile(untraced, SeccompAction::Errno(libc::EPERM.cast_unsigned()))?,
            compile(clone3, SeccompAction::Errno(libc::ENOSYS.cast_unsigned()))?,
        ])
    };
    all().map_err(io::Error::other)
}

/// A filter that does this with these calls, and lets all others pass.
fn compile(
    calls: BTreeMap<i64, Vec<SeccompRule>>,
    action: SeccompAction,
) -> Result<BpfProgram, BackendError> {
    SeccompFilter::new(calls, SeccompAction::Allow, action, ARCH.try_into()?)?.try_into()
}

/// The calls that matter, each with what its arguments must be; or with nothing, where they
/// do not matter. Opening a file matters if one is watched, and so does sleeping.
fn rules(run: &Run) -> Result<BTreeMap<i64, Vec<SeccompRule>>, BackendError> {
    let if_argument = |number, condition, value: i32| {
        let value = u64::from(value.cast_unsigned());
        SeccompRule::new(vec![SeccompCondition::new(
            number, Dword, condition, value,
        )?])
    };
    let output = || -> Result<_, BackendError> {
        Ok(vec![
            if_argument(0, Eq, libc::STDOUT_FILENO)?,
            if_argument(0, Eq, libc::STDERR_FILENO)?,
        ])
    };
    let command = || MaskedEq(u64::from(libc::FUTEX_CMD_MASK.cast_unsigned()));
    let mut rules = BTreeMap::from([
        (libc::SYS_write, output()?),
        (libc::SYS_writev, output()?),
        (
            libc::SYS_futex,
            vec![
                if_argument(1, command(), libc::FUTEX_WAIT)?,
                if_argument(1, command(), libc::FUTEX_WAIT_BITSET)?,
                if_argument(1, command(), libc::FUTEX_LOCK_PI)?,
                if_argument(1, command(), libc::FUTEX_LOCK_PI2)?,
                if_argument(1, command(), libc::FUTEX_WAIT_REQUEUE_PI)?,
            ],
        ),
    ]);
    let openings = OPENINGS.iter().filter(|_| run.watched_file.is_some());
    let sleeps = SLEEPS.iter().filter(|_| run.watches_sleeps);
    let calls = ALWAYS.iter().chain(ALWAYS_HERE).chain(openings);
    let calls = calls.chain(sleeps);
    rules.extend(calls.map(|&number| (number, Vec::new())));
    Ok(rules)
}

const ALWAYS: &[i64] = &[
    libc::SYS_epoll_pwait,
    libc::SYS_exit_group,
    libc::SYS_ppoll,
    libc::SYS_pselect6,
    libc::SYS_read,
    libc::SYS_readv,
    libc::SYS_recvfrom,
    libc::SYS_recvmsg,
    libc::SYS_rt_sigsuspend,
    libc::SYS_rt_sigtimedwait,
    libc::SYS_sched_yield,
    libc::SYS_wait4,
    libc::SYS_waitid,
];

/// A program may sleep a hundred times in a row. On a machine that has nothing else to do, a
/// stop costs 0.05 ms: two CPUs have to wake up.
pub(super) const SLEEPS: &[i64] = &[libc::SYS_clock_nanosleep, libc::SYS_nanosleep];

#[cfg(not(target_arch = "x86_64"))]
const OPENINGS: &[i64] = &[libc::SYS_openat, libc::SYS_openat2];
#[cfg(target_arch = "x86_64")]
const OPENINGS: &[i64] = &[
    libc::SYS_creat,
    libc::SYS_open,
    libc::SYS_openat,
    libc::SYS_openat2,
];

/// Calls that younger architectures do without.
#[cfg(not(target_arch = "x86_64"))]
const ALWAYS_HERE: &[i64] = &[];
#[cfg(target_arch = "x86_64")]
const ALWAYS_HERE: &[i64] = &[
    libc::SYS_epoll_wait,
    libc::SYS_pause,
    libc::SYS_poll,
    libc::SYS_select,
];

#[cfg(test)]
mod tests {
    use super::rules;
    use crate::engine::Run;
    use crate::engine::call::decode;
    use std::time::Duration;

    #[test]
    fn it_picks_what_can_be_decoded() {
        let run = Run::new("").watch_file("result").watch_sleeps();
        let rules = rules(&run).expect("the rules are valid");
        let waiting = libc::FUTEX_WAIT.cast_unsigned().into();
        for number in 0..1000 {
            let is_known = [1, waiting].into_iter().any(|argument| {
                let arguments = [1, argument, 0, 0, 0, 0];
                decode(number, arguments, |_| true, Duration::from_secs).is_some()
            });
            let is_picked = rules.contains_key(&number.cast_signed());
            assert_eq!(is_picked, is_known, "system call {number}");
        }
    }
}
