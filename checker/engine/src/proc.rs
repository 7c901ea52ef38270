//! What `/proc` tells about a task.

use crate::Kind;
use nix::unistd::Pid;
use std::fs::{self, File};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::FileExt;
use std::str::FromStr;
use std::time::Duration;

/// The name of a task, `proc_pid_comm(5)`.
pub(crate) fn name(tid: Pid) -> Option<String> {
    let name = fs::read(format!("/proc/{tid}/comm")).ok()?;
    Some(String::from_utf8_lossy(name.strip_suffix(b"\n")?).into_owned())
}

/// A thread is one of several tasks of a process, whose id is that of the first.
pub(crate) fn kind_of(tid: Pid) -> Kind {
    match process_of(tid) {
        Some(process) if process != tid.as_raw() => Kind::Thread,
        _ => Kind::Process,
    }
}

/// The id of the process that a task is part of.
pub(crate) fn process_of(tid: Pid) -> Option<i32> {
    number_in(&format!("/proc/{tid}/status"), "Tgid:")
}

/// The process that a file descriptor of a task stands for, `pidfd_open(2)`.
pub(crate) fn process_of_pidfd(tid: Pid, fd: i32) -> Option<i32> {
    number_in(&format!("/proc/{tid}/fdinfo/{fd}"), "Pid:")
}

/// Whether a task or a process that has ended still waits for its parent, or is alive.
pub(crate) fn exists(tid: i32) -> bool {
    fs::exists(format!("/proc/{tid}")).unwrap_or(true)
}

/// Whether reading from a file descriptor can mean waiting for another task.
pub(crate) fn can_block(tid: Pid, fd: i32) -> bool {
    let target = fs::read_link(format!("/proc/{tid}/fd/{fd}")).unwrap_or_default();
    let target = target.as_os_str().as_bytes();
    [b"pipe:".as_slice(), b"socket:", b"anon_inode:"]
        .iter()
        .any(|kind| target.starts_with(kind))
}

/// The time that a task has spent on a CPU, and how often it got one:
/// `/proc/TID/schedstat`.
pub(crate) fn cpu_time(tid: Pid) -> (Duration, u64) {
    let schedstat = fs::read_to_string(format!("/proc/{tid}/schedstat")).unwrap_or_default();
    let mut numbers = schedstat.split_whitespace().map(|word| word.parse().ok());
    let nanoseconds = numbers.next().flatten().unwrap_or_default();
    let times = numbers.nth(1).flatten().unwrap_or_default();
    (Duration::from_nanos(nanoseconds), times)
}

/// How long a task has waited for a CPU that others used.
pub(crate) fn time_without_cpu(tid: Pid) -> Duration {
    let schedstat = fs::read_to_string(format!("/proc/{tid}/schedstat")).unwrap_or_default();
    let nanoseconds = schedstat.split_whitespace().nth(1);
    let nanoseconds = nanoseconds.and_then(|word| word.parse().ok());
    Duration::from_nanos(nanoseconds.unwrap_or_default())
}

/// The time that all threads of a process have spent on CPUs, `clock_getcpuclockid(3)`.
pub(crate) fn cpu_time_of_process(pid: i32) -> Option<Duration> {
    let clock = nix::time::clock_getcpuclockid(Pid::from_raw(pid)).ok()?;
    Some(nix::time::clock_gettime(clock).ok()?.into())
}

/// The state of a task: `R`, `S`, `D`, `T`, `t`, `Z`, `X`.
pub(crate) fn state(tid: Pid) -> Option<char> {
    fields(tid)?.chars().next()
}

/// The fields of `proc_pid_stat(5)` from the third one on. The name before them, in
/// parentheses, may hold anything.
fn fields(tid: Pid) -> Option<String> {
    let stat = fs::read_to_string(format!("/proc/{tid}/stat")).ok()?;
    Some(stat.rsplit_once(") ")?.1.to_owned())
}

/// The page faults of the process of a task that needed no input or output: field 10.
pub(crate) fn minor_faults(tid: Pid) -> Option<u64> {
    fields(tid)?.split(' ').nth(10 - 3)?.parse().ok()
}

/// The resident set of a process, in bytes: field 24, in pages.
pub(crate) fn resident_bytes(tid: Pid) -> u64 {
    let pages = fields(tid).and_then(|fields| fields.split(' ').nth(24 - 3)?.parse().ok());
    pages.unwrap_or(0) * page_bytes()
}

pub(crate) fn page_bytes() -> u64 {
    let page = nix::unistd::sysconf(nix::unistd::SysconfVar::PAGE_SIZE);
    let page = page
        .ok()
        .flatten()
        .and_then(|page| u64::try_from(page).ok());
    page.unwrap_or(4096)
}

/// The system call that a task sleeps in, with its arguments, `proc_pid_syscall(5)`.
pub(crate) fn current_call(tid: Pid) -> Option<(i64, [u64; 6])> {
    let line = fs::read_to_string(format!("/proc/{tid}/syscall")).ok()?;
    // `running`, or a negative number for a task that sleeps elsewhere.
    let mut words = line.split_whitespace();
    let number = words.next()?.parse().ok().filter(|number| *number >= 0)?;
    let mut args = [0; 6];
    for arg in &mut args {
        *arg = u64::from_str_radix(words.next()?.strip_prefix("0x")?, 16).ok()?;
    }
    Some((number, args))
}

/// The bytes that a task has passed to `write` and its relatives, `proc_pid_io(5)`.
pub(crate) fn written_bytes(tid: Pid) -> Option<u64> {
    number_in(&format!("/proc/{tid}/task/{tid}/io"), "wchar:")
}

/// The number behind a name in a file of `/proc`.
fn number_in<N: FromStr>(path: &str, name: &str) -> Option<N> {
    let text = fs::read_to_string(path).ok()?;
    let value = text.lines().find_map(|line| line.strip_prefix(name))?;
    value.trim().parse().ok()
}

/// Up to so many bytes from the memory of a task; fewer where it ends.
pub(crate) fn read_memory(tid: Pid, address: u64, bytes: usize) -> Vec<u8> {
    let mut buffer = vec![0; bytes];
    let memory = File::open(format!("/proc/{tid}/mem"));
    let read = memory.and_then(|memory| memory.read_at(&mut buffer, address));
    buffer.truncate(read.unwrap_or(0));
    buffer
}

/// Writes to the memory of a task that is stopped. Whether that worked.
pub(crate) fn write_memory(tid: Pid, address: u64, bytes: &[u8]) -> bool {
    let memory = File::options().write(true).open(format!("/proc/{tid}/mem"));
    memory
        .and_then(|memory| memory.write_all_at(bytes, address))
        .is_ok()
}

/// A `timespec` in the memory of a task, 0 if there is none.
pub(crate) fn duration_at(tid: Pid, address: u64) -> Duration {
    const HALF: usize = size_of::<libc::c_long>();
    let bytes = read_memory(tid, address, 2 * HALF);
    let (numbers, _) = bytes.as_chunks::<HALF>();
    let number = |place: usize| numbers.get(place).copied().map(libc::c_long::from_ne_bytes);
    let number = |place| number(place).and_then(|number| u64::try_from(number).ok());
    let (seconds, nanoseconds) = (number(0).unwrap_or(0), number(1).unwrap_or(0));
    Duration::from_secs(seconds).saturating_add(Duration::from_nanos(nanoseconds))
}
