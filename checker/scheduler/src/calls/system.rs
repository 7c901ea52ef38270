//! System calls that may block: the futex, reading, writing, and locks on files.

use super::births::{_exit, fork};
use super::locks::wake_some;
use super::{give_way, point_at, point_at_lock, until};
use crate::layout::{FILES, Kind, Lock, PRINTED, State};
use crate::real::{fail, real, system_call};
use crate::turn::{block, me};
use libc::{c_int, c_long, c_void, size_t, ssize_t};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

/// `syscall(2)`. Rust's standard library blocks and wakes tasks with the futex.
#[unsafe(no_mangle)]
unsafe extern "C" fn syscall(
    number: c_long,
    a: c_long,
    b: c_long,
    c: c_long,
    d: c_long,
    e: c_long,
    f: c_long,
) -> c_long {
    if let (libc::SYS_futex, Some(_)) = (number, me()) {
        match b as c_int & libc::FUTEX_CMD_MASK {
            libc::FUTEX_WAIT | libc::FUTEX_WAIT_BITSET => {
                // SAFETY: the kernel would read it as well.
                let word = unsafe { &*(a as *const AtomicU32) };
                if word.load(Relaxed) != c as u32 {
                    return fail(libc::EAGAIN).into();
                }
                let state = match d {
                    0 => State::Futex,
                    _ => State::TimedFutex,
                };
                return match block(state, a as u64, Kind::Release) {
                    true => 0,
                    false => fail(libc::ETIMEDOUT).into(),
                };
            }
            libc::FUTEX_WAKE | libc::FUTEX_WAKE_BITSET => {
                let is_private = b as c_int & libc::FUTEX_PRIVATE_FLAG != 0;
                return wake_some(a as u64, c as u32, is_private).into();
            }
            _ => {}
        }
    }
    match number {
        // SAFETY: these are longer forms of the same calls.
        libc::SYS_exit_group => unsafe { _exit(a as c_int) },
        #[cfg(target_arch = "x86_64")]
        // SAFETY: as above.
        libc::SYS_fork | libc::SYS_vfork => unsafe { fork() }.into(),
        libc::SYS_sched_yield => {
            give_way(0);
            0
        }
        _ => system_call(number, [a, b, c, d, e, f]),
    }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn read(fd: c_int, buffer: *mut c_void, count: size_t) -> ssize_t {
    until(State::Again, 0, || readiness(fd, libc::POLLIN));
    real!(read(fd, buffer, count))
}

#[unsafe(no_mangle)]
unsafe extern "C" fn write(fd: c_int, buffer: *const c_void, count: size_t) -> ssize_t {
    until(State::Again, 0, || readiness(fd, libc::POLLOUT));
    let result = real!(write(fd, buffer, count));
    let is_output = fd == libc::STDOUT_FILENO;
    point_at(Kind::Release, if is_output { PRINTED } else { 0 });
    result
}

/// `mmap(2)`: records the memory that processes share.
#[unsafe(no_mangle)]
unsafe extern "C" fn mmap(
    address: *mut c_void,
    length: size_t,
    protection: c_int,
    flags: c_int,
    fd: c_int,
    offset: libc::off_t,
) -> *mut c_void {
    let mapped = real!(mmap(address, length, protection, flags, fd, offset));
    if let (true, Some((run, me))) = (flags & libc::MAP_SHARED != 0, me())
        && mapped != libc::MAP_FAILED
        // A child's anonymous mapping is its own. Another child may map other memory there.
        && (fd >= 0 || run.tasks[me].pid.load(Relaxed) == run.tasks[0].pid.load(Relaxed))
    {
        let new = run.mappings_len.fetch_add(1, Relaxed) as usize;
        if let Some([start, bytes]) = run.mappings.get(new) {
            start.store(mapped as u64, Relaxed);
            bytes.store(length as u64, Relaxed);
        }
    }
    mapped
}

/// `EBUSY` if a call for these events would wait for another task, and 0 otherwise.
fn readiness(fd: c_int, events: i16) -> c_int {
    let mut asked = libc::pollfd {
        fd,
        events,
        revents: 0,
    };
    // SAFETY: the pointer is that of one entry, and the call does not block.
    if unsafe { libc::poll(&raw mut asked, 1, 0) } != 0 {
        return 0;
    }
    match status_of(fd).st_mode & libc::S_IFMT {
        // No other task ends a wait for one of these.
        libc::S_IFREG | libc::S_IFCHR | 0 => 0,
        _ => libc::EBUSY,
    }
}

/// `fstat(2)`, or zeros.
fn status_of(fd: c_int) -> libc::stat {
    // SAFETY: zero bytes are a valid `stat`, and the call fills it.
    unsafe {
        let mut status = std::mem::zeroed();
        libc::fstat(fd, &raw mut status);
        status
    }
}

/// Takes or releases the lock of a file.
fn lock_file(fd: c_int, kind: Lock, releases: bool, attempt: impl FnMut() -> c_int) -> c_int {
    let lock = FILES | status_of(fd).st_ino << 1;
    if !releases {
        point_at_lock(lock, kind, false);
    }
    let result = until(State::Again, 0, attempt);
    if releases {
        point_at_lock(lock, kind, true);
    }
    result
}

#[unsafe(no_mangle)]
unsafe extern "C" fn flock(fd: c_int, operation: c_int) -> c_int {
    if operation & libc::LOCK_NB != 0 || me().is_none() {
        return real!(flock(fd, operation));
    }
    let releases = operation & libc::LOCK_UN != 0;
    let attempt = || real!(flock(fd, operation | libc::LOCK_NB));
    lock_file(fd, Lock::Flock, releases, attempt)
}

/// `fcntl(2)`, for locks on files.
#[unsafe(no_mangle)]
unsafe extern "C" fn fcntl(fd: c_int, command: c_int, argument: c_long) -> c_int {
    let attempt = match (command, me()) {
        (libc::F_SETLKW, Some(_)) => libc::F_SETLK,
        (libc::F_OFD_SETLKW, Some(_)) => libc::F_OFD_SETLK,
        _ => return real!(fcntl(fd, command; argument)),
    };
    // SAFETY: these commands have a pointer to a lock.
    let kind = unsafe { (*(argument as *const libc::flock)).l_type };
    let releases = c_int::from(kind) == libc::F_UNLCK;
    let attempt = || real!(fcntl(fd, attempt; argument));
    lock_file(fd, Lock::Record, releases, attempt)
}
