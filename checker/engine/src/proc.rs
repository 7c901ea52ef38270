//! Reads a task's entries in `/proc`.

use crate::Kind;
use crate::call::SystemCall;
use nix::errno::Errno;
use nix::unistd::{Pid, SysconfVar, sysconf};
use std::fs::{self, File, FileType};
use std::ops::Range;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{FileExt, FileTypeExt};
use std::str::FromStr;
use std::time::Duration;

/// The name of a task, `proc_pid_comm(5)`.
pub(crate) fn name(tid: Pid) -> Option<String> {
    let name = fs::read(format!("/proc/{tid}/comm")).ok()?;
    Some(String::from_utf8_lossy(name.strip_suffix(b"\n")?).into_owned())
}

/// The first task of a process has the id of the process. A task with another id is a thread.
pub(crate) fn kind_of(tid: Pid) -> Kind {
    let tid = tid.as_raw();
    // Signal 0 is not sent: `tgkill(2)` only looks for a task with this id in a process with
    // this id. Reading `/proc` takes ten times as long.
    // SAFETY: the call has no pointers.
    let result = unsafe { libc::syscall(libc::SYS_tgkill, tid, tid, 0) };
    match Errno::result(result) {
        Err(Errno::ESRCH) => Kind::Thread,
        _ => Kind::Process,
    }
}

/// The process of a task's file descriptor, `pidfd_open(2)`.
pub(crate) fn process_of_pidfd(tid: Pid, fd: i32) -> Option<i32> {
    number_in(&format!("/proc/{tid}/fdinfo/{fd}"), "Pid:")
}

/// Whether a process has ended, and this parent has not waited for it. After the wait, another
/// process may have the same id.
pub(crate) fn is_zombie_of(process: i32, parent: i32) -> bool {
    let zombie = format!("Z {parent} ");
    fields(Pid::from_raw(process)).is_some_and(|fields| fields.starts_with(&zombie))
}

/// Whether reading from or writing to a file descriptor may wait for another task.
pub(crate) fn can_block(tid: Pid, fd: i32) -> bool {
    let path = format!("/proc/{tid}/fd/{fd}");
    let is_pipe = |kind: FileType| kind.is_fifo() || kind.is_socket();
    let target = fs::read_link(&path).unwrap_or_default();
    target.as_os_str().as_bytes().starts_with(b"anon_inode:")
        || fs::metadata(path).is_ok_and(|file| is_pipe(file.file_type()))
}

/// The content of `/proc/TID/schedstat` of a task.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct CpuTime {
    /// The task's CPU time.
    pub(crate) used: Duration,
    /// The time that it waited for a CPU in use by others.
    pub(crate) waited: Duration,
    /// The number of times that it got a CPU.
    pub(crate) times: u64,
}

pub(crate) fn cpu_time(tid: Pid) -> CpuTime {
    let schedstat = fs::read_to_string(format!("/proc/{tid}/schedstat")).unwrap_or_default();
    let mut numbers = schedstat.split_whitespace().flat_map(str::parse);
    let mut next = || numbers.next().unwrap_or(0);
    CpuTime {
        used: Duration::from_nanos(next()),
        waited: Duration::from_nanos(next()),
        times: next(),
    }
}

/// The CPU time of all threads of a process, `clock_getcpuclockid(3)`.
pub(crate) fn cpu_time_of_process(pid: i32) -> Option<Duration> {
    let clock = nix::time::clock_getcpuclockid(Pid::from_raw(pid)).ok()?;
    Some(nix::time::clock_gettime(clock).ok()?.into())
}

/// The state of a task: `R`, `S`, `D`, `T`, `t`, `Z`, `X`.
pub(crate) fn state(tid: Pid) -> Option<char> {
    field(tid, 3)
}

/// The fields of `proc_pid_stat(5)`, from the third one on. The name before them is in parentheses
/// and may contain any bytes.
fn fields(tid: Pid) -> Option<String> {
    let mut stat = fs::read_to_string(format!("/proc/{tid}/stat")).ok()?;
    let start = stat.rfind(") ")? + 2;
    stat.drain(..start);
    Some(stat)
}

/// One of these fields, by its number in the man page.
fn field<T: FromStr>(tid: Pid, number: usize) -> Option<T> {
    fields(tid)?.split(' ').nth(number - 3)?.parse().ok()
}

/// The minor page faults of a task's process.
pub(crate) fn minor_faults(tid: Pid) -> Option<u64> {
    field(tid, 10)
}

/// The resident set of a process, in bytes.
pub(crate) fn resident_bytes(tid: Pid) -> u64 {
    field::<u64>(tid, 24).unwrap_or(0) * page_bytes()
}

pub(crate) fn page_bytes() -> u64 {
    let page = sysconf(SysconfVar::PAGE_SIZE).ok().flatten();
    let page = page.and_then(|page| u64::try_from(page).ok());
    page.unwrap_or(4096)
}

/// The system call that a task sleeps in, with its arguments, `proc_pid_syscall(5)`.
pub(crate) fn current_call(tid: Pid) -> Option<SystemCall> {
    let line = fs::read_to_string(format!("/proc/{tid}/syscall")).ok()?;
    // `running`, or a negative number for a task that sleeps elsewhere.
    let mut words = line.split_whitespace();
    let number = words.next()?.parse().ok().filter(|number| *number >= 0)?;
    let mut args = [0; 6];
    for arg in &mut args {
        *arg = u64::from_str_radix(words.next()?.strip_prefix("0x")?, 16).ok()?;
    }
    Some(SystemCall { number, args })
}

/// A part of the memory of a process.
pub(crate) struct Mapping {
    pub(crate) range: Range<u64>,
    /// Such as `rw-p`: private memory that can be read and written.
    pub(crate) permissions: String,
    /// The mapped file, if there is one.
    pub(crate) path: Option<String>,
}

/// The mappings of a task's process in the order of their addresses, `proc_pid_maps(5)`.
pub(crate) fn mappings(tid: Pid) -> Vec<Mapping> {
    let maps = fs::read_to_string(format!("/proc/{tid}/maps")).unwrap_or_default();
    let mapping = |line: &str| {
        let (range, rest) = line.split_once(' ')?;
        let (start, end) = range.split_once('-')?;
        let address = |digits| u64::from_str_radix(digits, 16).ok();
        Some(Mapping {
            range: address(start)?..address(end)?,
            permissions: rest.get(..4)?.to_owned(),
            path: rest.find('/').map(|start| rest[start..].into()),
        })
    };
    maps.lines().filter_map(mapping).collect()
}

/// The number of bytes that a task passed to `write` and similar calls, `proc_pid_io(5)`.
pub(crate) fn written_bytes(tid: Pid) -> Option<u64> {
    number_in(&format!("/proc/{tid}/task/{tid}/io"), "wchar:")
}

/// Whether a task's process has a handler for a signal.
pub(crate) fn catches(tid: Pid, signal: i32) -> bool {
    let caught = value_in(&format!("/proc/{tid}/status"), "SigCgt:");
    let caught = caught.and_then(|caught| u64::from_str_radix(&caught, 16).ok());
    caught.is_some_and(|caught| caught >> (signal - 1) & 1 != 0)
}

/// The number after a name in a file of `/proc`.
fn number_in<N: FromStr>(path: &str, name: &str) -> Option<N> {
    value_in(path, name)?.parse().ok()
}

/// The value after a name in such a file.
fn value_in(path: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(path).ok()?;
    let value = text.lines().find_map(|line| line.strip_prefix(name))?;
    Some(value.trim().into())
}

/// Reads at most this number of bytes from the memory of a task. Returns fewer at the end of a
/// mapping.
pub(crate) fn read_memory(tid: Pid, address: u64, bytes: usize) -> Vec<u8> {
    let mut buffer = vec![0; bytes];
    let memory = File::open(format!("/proc/{tid}/mem"));
    let read = memory.and_then(|memory| memory.read_at(&mut buffer, address));
    buffer.truncate(read.unwrap_or(0));
    buffer
}

/// An `int` in the memory of a task.
pub(crate) fn int_at(tid: Pid, address: u64) -> Option<i32> {
    let bytes = read_memory(tid, address, size_of::<i32>());
    bytes.try_into().ok().map(i32::from_ne_bytes)
}

/// Writes to the memory of a stopped task. Returns whether the write succeeded.
pub(crate) fn write_memory(tid: Pid, address: u64, bytes: &[u8]) -> bool {
    let memory = File::options().write(true).open(format!("/proc/{tid}/mem"));
    memory
        .and_then(|memory| memory.write_all_at(bytes, address))
        .is_ok()
}

/// A `timespec` in the memory of a task, or 0 if it cannot be read.
pub(crate) fn duration_at(tid: Pid, address: u64) -> Duration {
    const HALF: usize = size_of::<libc::c_long>();
    let bytes = read_memory(tid, address, 2 * HALF);
    let (numbers, _) = bytes.as_chunks::<HALF>();
    let mut numbers = numbers.iter().copied().map(libc::c_long::from_ne_bytes);
    let mut next = || {
        numbers
            .next()
            .map_or(0, |number| number.try_into().unwrap_or(0))
    };
    Duration::from_secs(next()).saturating_add(Duration::from_nanos(next()))
}

#[cfg(test)]
mod tests {
    use super::is_zombie_of;
    use nix::sys::wait::{Id, WaitPidFlag, waitid};
    use nix::unistd::{Pid, getppid};
    use std::io;
    use std::process::{Command, id};

    /// Ids are used again, so a process with this id may be another one.
    #[test]
    fn a_zombie_has_its_parent() -> io::Result<()> {
        let number = |id: u32| id.cast_signed();
        let mut child = Command::new("true").spawn()?;
        let pid = number(child.id());
        waitid(
            Id::Pid(Pid::from_raw(pid)),
            WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT,
        )?;
        assert!(is_zombie_of(pid, number(id())));
        assert!(!is_zombie_of(pid, getppid().as_raw()));
        child.wait()?;
        assert!(!is_zombie_of(pid, number(id())));
        assert!(!is_zombie_of(number(id()), getppid().as_raw()));
        Ok(())
    }
}
