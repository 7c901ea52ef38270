//! The jail of a run. The program can use its own folder, its own tasks, and the files that
//! every program reads.
//!
//! | layer | what it prevents | since |
//! |---|---|---|
//! | Landlock, `landlock(7)` | other files, the environment of other processes | Linux 5.13 |
//! | Landlock, version 3 | making other files empty | Linux 6.2 |
//! | Landlock scopes | signals and abstract sockets of others | Linux 6.12 |
//! | seccomp, `seccomp(2)` | calls that no exercise needs | Linux 5.3 |
//! | seccomp and the tracer | signals to tasks outside of the run, changes of their scheduling | Linux 5.3 |
//! | limits, `getrlimit(2)` | large files, memory without end, core files | always |

use crate::call::FUTEX_WAITS;
use crate::landlock::{self, Ruleset};
use crate::run::{Run, Schedule};
#[allow(
    clippy::wildcard_imports,
    reason = "the names of a hundred system calls, and their arguments"
)]
use libc::*;
use seccompiler::SeccompCmpArgLen::{Dword, Qword};
use seccompiler::SeccompCmpOp::{Eq, MaskedEq, Ne};
use seccompiler::{
    BackendError, BpfProgram, SeccompAction, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule,
};
use std::collections::BTreeMap;
use std::env;
use std::env::consts::ARCH;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

/// A part of the jail that a machine may lack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layer {
    /// Landlock restricts files. Without it a program can write wherever its user can.
    Files,
    /// Landlock restricts the length of files, and not only their content. Without it a
    /// program can empty files that its user can write to.
    Lengths,
    /// Landlock restricts signals. Without it the tracer alone does.
    Signals,
}

/// Returns the layers of the jail that this kernel lacks.
#[must_use]
pub fn missing_layers() -> Vec<Layer> {
    let version = landlock::version();
    let since = [(1, Layer::Files), (3, Layer::Lengths), (6, Layer::Signals)];
    let missing = since.into_iter().filter(|(since, _)| version < *since);
    missing.map(|(_, layer)| layer).collect()
}

/// The paths that programs read and execute.
const READ: &[&str] = &[
    "/bin",
    "/etc",
    "/gnu",
    "/lib",
    "/lib32",
    "/lib64",
    "/nix",
    "/proc",
    "/sbin",
    "/sys/devices/system",
    "/sys/fs/cgroup",
    "/sys/kernel/mm",
    "/usr",
    "/dev/random",
    "/dev/urandom",
];

/// Devices that store no data.
const READ_AND_WRITE: &[&str] = &["/dev/full", "/dev/null", "/dev/zero"];

/// The inherited environment variables. A grader's variables are left out.
const VARIABLES: &[&str] = &["LANG", "LC_ALL", "LC_CTYPE", "PATH", "TZ"];

/// The environment of a program that runs in this folder.
pub(crate) fn environment(folder: &Path) -> BTreeMap<OsString, OsString> {
    let inherited = VARIABLES.iter().filter_map(|name| {
        let value = env::var_os(name)?;
        Some((OsString::from(name), value))
    });
    let own = ["HOME", "TMPDIR"].map(|name| (name.into(), folder.into()));
    inherited.chain(own).collect()
}

/// A Landlock ruleset for a program that may use these paths, and those that every program
/// uses. `None` if the kernel has no Landlock.
pub(crate) fn ruleset(readable: &[PathBuf], writable: &[PathBuf]) -> io::Result<Option<Ruleset>> {
    let Some(ruleset) = Ruleset::new()? else {
        return Ok(None);
    };
    let paths = READ.iter().map(|path| (Path::new(path), landlock::READ));
    let devices = READ_AND_WRITE
        .iter()
        .map(|path| (Path::new(path), landlock::DEVICE));
    let own = readable.iter().map(|path| (path.as_path(), landlock::READ));
    let own = own.chain(writable.iter().map(|path| (path.as_path(), landlock::ALL)));
    for (path, access) in paths.chain(devices).chain(own) {
        ruleset.allow(path, access)?;
    }
    Ok(Some(ruleset))
}

type Rules = BTreeMap<i64, Vec<SeccompRule>>;

/// The number that the tracer gets with a call that it has to refuse.
pub(crate) const REFUSED_BY_TRACER: u32 = 1;

/// The filters of a run: the calls that return success without effect, those that the tracer
/// observes, and those that it refuses.
pub(crate) fn filters(run: &Run) -> io::Result<Vec<BpfProgram>> {
    let filters = || -> Result<_, BackendError> {
        let errno = |errno: i32| SeccompAction::Errno(errno.cast_unsigned());
        // The flags of clone3 are in memory, where no filter can read them. libc can do without it.
        let without_clone3 = match run.is_observed {
            true => SeccompAction::Trace(0),
            false => errno(ENOSYS),
        };
        Ok(vec![
            #[cfg(target_arch = "x86_64")]
            without_x32(),
            compile(pretended()?, errno(0))?,
            compile(always([SYS_clone3]), without_clone3)?,
            compile(traced(run)?, SeccompAction::Trace(0))?,
            // The last filter decides which number the tracer gets.
            compile(refused()?, SeccompAction::Trace(REFUSED_BY_TRACER))?,
        ])
    };
    filters().map_err(io::Error::other)
}

/// Calls by the numbers of the x32 ABI fail, as on a kernel without it. No other filter knows these
/// numbers.
#[cfg(target_arch = "x86_64")]
#[allow(clippy::cast_possible_truncation, reason = "a code has 16 bits")]
fn without_x32() -> BpfProgram {
    let instruction = |code: u32, jf, k| seccompiler::sock_filter {
        code: code as u16,
        jt: 0,
        jf,
        k,
    };
    vec![
        // The number of the call is the first field of `seccomp_data`.
        instruction(BPF_LD | BPF_W | BPF_ABS, 0, 0),
        instruction(BPF_JMP | BPF_JGE | BPF_K, 1, 0x4000_0000),
        instruction(
            BPF_RET | BPF_K,
            0,
            SECCOMP_RET_ERRNO | ENOSYS.cast_unsigned(),
        ),
        instruction(BPF_RET | BPF_K, 0, SECCOMP_RET_ALLOW),
    ]
}

fn compile(rules: Rules, action: SeccompAction) -> Result<BpfProgram, BackendError> {
    SeccompFilter::new(rules, SeccompAction::Allow, action, ARCH.try_into()?)?.try_into()
}

/// These calls with any arguments.
fn always(calls: impl IntoIterator<Item = i64>) -> Rules {
    calls.into_iter().map(|call| (call, Vec::new())).collect()
}

/// A call with this value of an argument.
fn if_argument(place: u8, is: SeccompCmpOp, value: i32) -> Result<SeccompRule, BackendError> {
    let value = u64::from(value.cast_unsigned());
    SeccompRule::new(vec![SeccompCondition::new(place, Dword, is, value)?])
}

/// A call with all these bits of an argument set.
fn if_bits(place: u8, bits: i32) -> Result<SeccompRule, BackendError> {
    if_argument(place, MaskedEq(u64::from(bits.cast_unsigned())), bits)
}

/// System calls with their names.
macro_rules! named {
    ($($call:ident),* $(,)?) => { &[$(($call, stringify!($call))),*] };
}

/// `<asm/sockios.h>`
const FIOSETOWN: i32 = 0x8901;
const SIOCSPGRP: i32 = 0x8902;

/// System calls that no exercise needs, and that affect objects outside the run. The tracer
/// refuses them, and records it.
fn refused() -> Result<Rules, BackendError> {
    let clones = REFUSED_CLONES.map(|flag| (SYS_clone, if_bits(0, flag)));
    let sometimes = [
        (SYS_socket, if_argument(0, Ne, AF_UNIX)),
        // SIGIO for another process. 15 is F_SETOWN_EX.
        (SYS_fcntl, if_argument(1, Eq, F_SETOWN)),
        (SYS_fcntl, if_argument(1, Eq, 15)),
        (SYS_ioctl, if_argument(1, Eq, FIOSETOWN)),
        (SYS_ioctl, if_argument(1, Eq, SIOCSPGRP)),
        (SYS_prctl, if_argument(0, Eq, PR_SCHED_CORE)),
        (SYS_prlimit64, if_argument(0, Ne, 0)),
        (SYS_setpriority, if_argument(1, Ne, 0)),
        (SYS_setpriority, if_argument(0, Eq, PRIO_USER.cast_signed())),
    ];
    let mut rules = always(REFUSED.iter().map(|(call, _)| *call));
    for (call, rule) in sometimes.into_iter().chain(clones) {
        rules.entry(call).or_default().push(rule?);
    }
    Ok(rules)
}

#[rustfmt::skip]
const REFUSED: &[(i64, &str)] = named![
    SYS_acct, SYS_add_key, SYS_adjtimex, SYS_bpf, SYS_chroot, SYS_clock_adjtime,
    SYS_clock_settime, SYS_connect, SYS_delete_module, SYS_finit_module, SYS_fsconfig,
    SYS_fsmount, SYS_fsopen, SYS_init_module, SYS_io_uring_enter, SYS_io_uring_register,
    SYS_io_uring_setup, SYS_ioprio_set, SYS_kcmp, SYS_kexec_load, SYS_keyctl,
    SYS_memfd_secret, SYS_migrate_pages, SYS_mount, SYS_move_mount,
    SYS_move_pages, SYS_mq_notify, SYS_mq_open, SYS_mq_unlink, SYS_msgget,
    SYS_name_to_handle_at, SYS_open_by_handle_at, SYS_open_tree, SYS_perf_event_open,
    SYS_pidfd_getfd, SYS_pivot_root,
    SYS_process_madvise, SYS_process_mrelease, SYS_process_vm_readv, SYS_process_vm_writev,
    SYS_ptrace, SYS_quotactl, SYS_reboot, SYS_request_key, SYS_semget, SYS_setdomainname,
    SYS_sethostname, SYS_setns, SYS_settimeofday, SYS_shmget, SYS_swapoff, SYS_swapon,
    SYS_syslog, SYS_umount2, SYS_unshare, SYS_userfaultfd,
];

/// Calls that [`refused`] refuses with some arguments only.
#[rustfmt::skip]
const REFUSED_SOMETIMES: &[(i64, &str)] = named![
    SYS_clone, SYS_fcntl, SYS_ioctl, SYS_prctl, SYS_prlimit64, SYS_setpriority, SYS_socket,
];

/// The name of a call that the jail refuses.
pub(crate) fn name_of_refused(number: i64) -> String {
    let mut all = REFUSED.iter().chain(REFUSED_SOMETIMES);
    match all.find(|(call, _)| *call == number) {
        Some((_, name)) => name.trim_start_matches("SYS_").into(),
        None => format!("the system call {number}"),
    }
}

/// A child that the tracer does not see, or that has other namespaces.
#[rustfmt::skip]
const REFUSED_CLONES: [i32; 8] = [
    CLONE_UNTRACED, CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC, CLONE_NEWUSER,
    CLONE_NEWPID, CLONE_NEWNET,
];

const SYS_FCHMODAT2: i64 = 452;

/// Newer architectures have no number for some of these calls.
#[rustfmt::skip]
const PRETENDED: &[i64] = &[
    SYS_fchmod, SYS_fchmodat, SYS_FCHMODAT2, SYS_fchown, SYS_fchownat, SYS_fremovexattr,
    SYS_fsetxattr, SYS_lremovexattr, SYS_lsetxattr, SYS_removexattr, SYS_setxattr,
    SYS_utimensat,
    #[cfg(target_arch = "x86_64")] SYS_chmod,
    #[cfg(target_arch = "x86_64")] SYS_chown,
    #[cfg(target_arch = "x86_64")] SYS_futimesat,
    #[cfg(target_arch = "x86_64")] SYS_lchown,
    #[cfg(target_arch = "x86_64")] SYS_utime,
    #[cfg(target_arch = "x86_64")] SYS_utimes,
];

/// Calls that change the attributes of files. Landlock does not restrict them, and copying a
/// file makes them too. `prctl(PR_SET_DUMPABLE)`, which hides memory from the tracer, is among
/// them. All of them return 0 and do nothing.
fn pretended() -> Result<Rules, BackendError> {
    let mut rules = always(PRETENDED.iter().copied());
    let dumpable = if_argument(0, Eq, PR_SET_DUMPABLE)?;
    rules.insert(SYS_prctl, vec![dumpable]);
    Ok(rules)
}

/// Output, times, and files that are opened.
#[rustfmt::skip]
const OUTPUT_AND_TIMES: &[i64] = &[
    SYS_clock_gettime, SYS_clock_nanosleep, SYS_gettimeofday, SYS_nanosleep, SYS_openat,
    SYS_pwrite64, SYS_sendmsg, SYS_sendto, SYS_write, SYS_writev,
    #[cfg(target_arch = "x86_64")] SYS_time,
];

/// The calls at which a task of this run stops.
fn traced(run: &Run) -> Result<Rules, BackendError> {
    let has_order = run.watches_waits || run.schedule != Schedule::Free;
    let groups = [
        (true, ALWAYS),
        (run.is_observed, LIFE),
        (run.watches_waits, WAITS),
        (has_order, OUTPUT_AND_TIMES),
        (run.schedule == Schedule::WithoutSleeps, PAUSES),
    ];
    let groups = groups.into_iter().filter(|(is_traced, _)| *is_traced);
    let mut rules = always(groups.flat_map(|(_, calls)| calls).copied());
    // libc opens named semaphores and shared memory with O_NOFOLLOW.
    let opens = vec![if_bits(2, O_CREAT)?, if_bits(2, O_NOFOLLOW)?];
    rules.entry(SYS_openat).or_insert(opens);
    if has_order {
        let wait = |operation: i32| {
            let mask = u64::from(FUTEX_CMD_MASK.cast_unsigned());
            let operation = u64::from(operation.cast_unsigned());
            let mut conditions = vec![SeccompCondition::new(1, Dword, MaskedEq(mask), operation)?];
            if !run.watches_waits {
                // Only waits with a time limit.
                conditions.push(SeccompCondition::new(3, Qword, Ne, 0)?);
            }
            SeccompRule::new(conditions)
        };
        let waits: Result<_, _> = FUTEX_WAITS.into_iter().map(wait).collect();
        rules.insert(SYS_futex, waits?);
    }
    Ok(rules)
}

/// Signals to others, their CPUs and policies, files in memory, and names in `/dev/shm`.
#[rustfmt::skip]
const ALWAYS: &[i64] = &[
    SYS_kill, SYS_linkat, SYS_memfd_create, SYS_pidfd_send_signal, SYS_rt_sigqueueinfo,
    SYS_rt_tgsigqueueinfo, SYS_sched_setaffinity, SYS_sched_setattr, SYS_sched_setparam,
    SYS_sched_setscheduler, SYS_tgkill, SYS_tkill, SYS_unlinkat,
    #[cfg(target_arch = "x86_64")] SYS_link,
    #[cfg(target_arch = "x86_64")] SYS_unlink,
];

/// Births, ends, waits for children and timers.
#[rustfmt::skip]
const LIFE: &[i64] = &[
    SYS_clone, SYS_exit_group, SYS_setitimer, SYS_timer_settime, SYS_timerfd_settime, SYS_wait4,
    SYS_waitid,
    #[cfg(target_arch = "x86_64")] SYS_alarm,
    #[cfg(target_arch = "x86_64")] SYS_fork,
    #[cfg(target_arch = "x86_64")] SYS_vfork,
];

/// Waits that a signal ends only if it comes later. Newer architectures have no such call.
const PAUSES: &[i64] = &[
    #[cfg(target_arch = "x86_64")]
    SYS_pause,
];

/// All other calls that wait.
#[rustfmt::skip]
const WAITS: &[i64] = &[
    SYS_epoll_pwait, SYS_epoll_pwait2, SYS_futex_waitv, SYS_ppoll, SYS_pselect6, SYS_read,
    SYS_readv, SYS_recvfrom, SYS_recvmmsg, SYS_recvmsg, SYS_rt_sigsuspend, SYS_rt_sigtimedwait,
    #[cfg(target_arch = "x86_64")] SYS_epoll_wait,
    #[cfg(target_arch = "x86_64")] SYS_pause,
    #[cfg(target_arch = "x86_64")] SYS_poll,
    #[cfg(target_arch = "x86_64")] SYS_select,
];
