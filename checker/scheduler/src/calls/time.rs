//! Sleeps, the clock and random numbers: values that differ between runs.

use super::give_way;
use crate::real::real;
use crate::turn::me;
use libc::{c_int, c_long, c_uint, c_void, clockid_t, size_t, ssize_t, timespec};
use std::cell::Cell;
use std::sync::atomic::Ordering::Relaxed;
use std::{ptr, slice};

/// The time of a yield after a look at the clock. So a program that gives up after a time does so
/// in a schedule in which the awaited task does not run for that long.
const TIMED_YIELD_NS: u64 = 10_000_000;

thread_local! {
    /// Whether this task has looked at the clock since its last yield.
    static HAS_LOOKED: Cell<bool> = const { Cell::new(false) };
}

#[unsafe(no_mangle)]
unsafe extern "C" fn sched_yield() -> c_int {
    give_way(if HAS_LOOKED.take() { TIMED_YIELD_NS } else { 0 });
    0
}

#[unsafe(no_mangle)]
unsafe extern "C" fn nanosleep(time: *const timespec, _left: *mut timespec) -> c_int {
    if me().is_none() {
        return real!(nanosleep(time, ptr::null_mut()));
    }
    // SAFETY: the caller has passed a time.
    give_way(unsafe { nanoseconds(time) });
    0
}

#[unsafe(no_mangle)]
unsafe extern "C" fn clock_nanosleep(
    clock: clockid_t,
    flags: c_int,
    time: *const timespec,
    left: *mut timespec,
) -> c_int {
    let Some((run, _)) = me() else {
        return real!(clock_nanosleep(clock, flags, time, left));
    };
    // SAFETY: the caller has passed a time.
    let until = unsafe { nanoseconds(time) };
    let now = match flags & libc::TIMER_ABSTIME {
        0 => 0,
        _ => run.clock.load(Relaxed),
    };
    give_way(until.saturating_sub(now));
    0
}

#[unsafe(no_mangle)]
unsafe extern "C" fn usleep(microseconds: c_uint) -> c_int {
    give_way(u64::from(microseconds) * 1000);
    0
}

#[unsafe(no_mangle)]
unsafe extern "C" fn sleep(seconds: c_uint) -> c_uint {
    give_way(u64::from(seconds) * 1_000_000_000);
    0
}

/// # Safety
///
/// It is null, or a time.
unsafe fn nanoseconds(time: *const timespec) -> u64 {
    // SAFETY: as the caller says.
    let time = unsafe { time.as_ref() };
    time.map_or(0, |time| {
        time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
    })
}

/// A program that waits for a time reads the clock repeatedly.
const LOOK_NS: u64 = 1000;

/// The clock advances in sleeps, and by a microsecond at each read. So a program
/// prints the same times in each run of a schedule.
#[unsafe(no_mangle)]
unsafe extern "C" fn clock_gettime(clock: clockid_t, time: *mut timespec) -> c_int {
    let Some((run, _)) = me() else {
        return real!(clock_gettime(clock, time));
    };
    HAS_LOOKED.set(true);
    let now = run.clock.fetch_add(LOOK_NS, Relaxed);
    // SAFETY: the caller has passed a place for a time.
    if let Some(time) = unsafe { time.as_mut() } {
        time.tv_sec = (now / 1_000_000_000) as libc::time_t;
        time.tv_nsec = (now % 1_000_000_000) as c_long;
    }
    0
}

/// Random numbers, the same in each run.
#[unsafe(no_mangle)]
unsafe extern "C" fn getrandom(buffer: *mut c_void, length: size_t, flags: c_uint) -> ssize_t {
    if me().is_none() {
        return real!(getrandom(buffer, length, flags));
    }
    // SAFETY: the caller has passed a buffer of this length.
    unsafe { slice::from_raw_parts_mut(buffer.cast::<u8>(), length) }.fill(0x5A);
    length as ssize_t
}
