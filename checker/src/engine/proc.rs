//! What `/proc` tells about a task.

use super::{Kind, memory};
use nix::fcntl::{OFlag, open};
use nix::sys::stat::Mode;
use nix::unistd::Pid;
use std::fs::{self, File};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{FileExt, MetadataExt};
use std::str::FromStr;
use std::time::Duration;

/// The name of a task, `proc_pid_comm(5)`.
pub(super) fn name(tid: Pid) -> Option<String> {
    let name = fs::read(format!("/proc/{tid}/comm")).ok()?;
    Some(String::from_utf8_lossy(name.strip_suffix(b"\n")?).into_owned())
}

/// A thread is one of several tasks of a process, whose id is that of the first.
pub(super) fn kind_of(tid: Pid) -> Kind {
    match status_of::<i32>(tid, "Tgid:") {
        Some(process) if process != tid.as_raw() => Kind::Thread,
        _ => Kind::Process,
    }
}

/// Whether reading from it can mean waiting for somebody.
pub(super) fn can_block(tid: Pid, fd: i32) -> bool {
    let target = fs::read_link(format!("/proc/{tid}/fd/{fd}")).unwrap_or_default();
    let target = target.as_os_str().as_bytes();
    [b"pipe:".as_slice(), b"socket:", b"anon_inode:"]
        .iter()
        .any(|kind| target.starts_with(kind))
}

/// The time that a task has spent on a CPU, `proc_pid_schedstat`.
pub(super) fn cpu_time(tid: Pid) -> Duration {
    let schedstat = fs::read_to_string(format!("/proc/{tid}/schedstat")).unwrap_or_default();
    let nanoseconds = schedstat
        .split_whitespace()
        .next()
        .and_then(|time| time.parse().ok());
    Duration::from_nanos(nanoseconds.unwrap_or_default())
}

/// Whether a task sleeps in a system call, `proc_pid_stat(5)`.
pub(super) fn is_asleep(tid: Pid) -> bool {
    let stat = fs::read_to_string(format!("/proc/{tid}/stat")).unwrap_or_default();
    stat.rsplit_once(") ")
        .is_some_and(|(_, fields)| fields.starts_with('S'))
}

/// The system call that a task sleeps in, with its arguments, `proc_pid_syscall(5)`.
pub(super) fn current_call(tid: Pid) -> Option<(u64, [u64; 6])> {
    let line = fs::read_to_string(format!("/proc/{tid}/syscall")).ok()?;
    // `running`, or a negative number for who sleeps elsewhere.
    let mut words = line.split_whitespace();
    let number = words.next()?.parse().ok()?;
    let mut args = [0; 6];
    for arg in &mut args {
        let digits = words.next()?.strip_prefix("0x")?;
        *arg = u64::from_str_radix(digits, 16).ok()?;
    }
    Some((number, args))
}

/// How often a task has given up the CPU by itself, `proc_pid_status(5)`: to sleep, to
/// wait, or because it was traced and stopped.
pub(super) fn voluntary_switches(tid: Pid) -> u64 {
    let switches = status_of(tid, "voluntary_ctxt_switches:");
    switches.unwrap_or_default()
}

/// The number behind a name in the `status` of a task.
fn status_of<N: FromStr>(tid: Pid, name: &str) -> Option<N> {
    let status = fs::read_to_string(format!("/proc/{tid}/status")).ok()?;
    let value = status.lines().find_map(|line| line.strip_prefix(name))?;
    value.trim().parse().ok()
}

/// The page faults of the process of a task that needed no input or output.
pub(super) fn minor_faults(tid: Pid) -> Option<u64> {
    let process = fs::read_to_string(format!("/proc/{tid}/stat")).ok()?;
    // proc_pid_stat(5): the name, in parentheses, may hold anything. The faults
    // are field 10, and field 3 is the first one behind the name.
    let (_, fields) = process.rsplit_once(") ")?;
    fields.split(' ').nth(10 - 3)?.parse().ok()
}

/// Calls a function for each child of this thread, `proc_tid_children(5)`; for the
/// first few hundred, if there are more. Allocates no memory.
pub(super) fn children(mut found: impl FnMut(Pid)) {
    let Ok(file) = open(
        c"/proc/thread-self/children",
        OFlag::O_RDONLY,
        Mode::empty(),
    ) else {
        return;
    };
    let mut buffer = [0; 4096];
    let read = nix::unistd::read(&file, &mut buffer).unwrap_or(0);
    // Each id has a space behind it; what is cut off has none.
    let whole = buffer[..read].iter().rposition(|&byte| byte == b' ');
    for id in buffer[..whole.unwrap_or(0)].split(|&byte| byte == b' ') {
        let id = str::from_utf8(id).ok().and_then(|id| id.parse().ok());
        id.map(Pid::from_raw).into_iter().for_each(&mut found);
    }
}

/// How many there are.
#[derive(Clone, Copy, Default)]
pub(super) struct Tasks {
    pub(super) processes: usize,
    /// Those of a process that are not its first.
    pub(super) threads: usize,
}

/// What has been created below a process and is still there.
pub(super) fn tasks_below(process: i32) -> Tasks {
    let mut below = Tasks::default();
    let threads = fs::read_dir(format!("/proc/{process}/task"));
    for thread in threads.into_iter().flatten().flatten() {
        let children = fs::read_to_string(thread.path().join("children")).unwrap_or_default();
        for child in children.split_whitespace().filter_map(|id| id.parse().ok()) {
            let of_child = tasks_below(child);
            let threads = fs::read_dir(format!("/proc/{child}/task"));
            let threads = threads.into_iter().flatten().count();
            below.processes += 1 + of_child.processes;
            below.threads += threads.saturating_sub(1) + of_child.threads;
        }
    }
    below
}

/// How many threads and processes the user of this process has.
pub(super) fn tasks_of_this_user() -> usize {
    let user = nix::unistd::Uid::current().as_raw();
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    let its_own = entries.filter(|entry| entry.metadata().is_ok_and(|data| data.uid() == user));
    let tasks = its_own.map(|entry| fs::read_dir(entry.path().join("task")));
    tasks.map(|tasks| tasks.into_iter().flatten().count()).sum()
}

/// A string in the memory of a task, up to its end or 4096 bytes.
pub(super) fn string_at(tid: Pid, address: u64) -> Vec<u8> {
    let mut bytes = memory::read(tid, address, 4096);
    let end = bytes
        .iter()
        .position(|&byte| byte == 0)
        .unwrap_or(bytes.len());
    bytes.truncate(end);
    bytes
}

/// A `timespec` in the memory of a task, 0 if there is none.
pub(super) fn duration_at(tid: Pid, address: u64) -> Duration {
    const HALF: usize = size_of::<libc::c_long>();
    let bytes = memory::read(tid, address, 2 * HALF);
    let (numbers, _) = bytes.as_chunks::<HALF>();
    let number = |place: usize| numbers.get(place).copied().map(libc::c_long::from_ne_bytes);
    let number = |place| number(place).and_then(|number| u64::try_from(number).ok());
    let (seconds, nanoseconds) = (number(0).unwrap_or(0), number(1).unwrap_or(0));
    Duration::from_secs(seconds).saturating_add(Duration::from_nanos(nanoseconds))
}

/// Writes a `timespec` to the memory of a task that is stopped.
pub(super) fn write_duration_at(tid: Pid, address: u64, duration: Duration) {
    let seconds = libc::c_long::try_from(duration.as_secs()).unwrap_or(libc::c_long::MAX);
    let numbers = [seconds, duration.subsec_nanos().into()].map(libc::c_long::to_ne_bytes);
    let memory = File::options().write(true).open(format!("/proc/{tid}/mem"));
    let _ = memory.and_then(|memory| memory.write_all_at(numbers.as_flattened(), address));
}

/// The child that `waitid(2)` has written to a `siginfo_t` of its caller.
pub(super) fn child_in_siginfo(tid: Pid, address: u64) -> Option<i32> {
    // Three numbers, and a fourth where pointers take eight bytes, stand before.
    const OFFSET: u64 = if size_of::<usize>() == 8 { 16 } else { 12 };
    let child = memory::read(tid, address + OFFSET, 4).try_into().ok()?;
    Some(i32::from_ne_bytes(child)).filter(|&child| child > 0)
}
