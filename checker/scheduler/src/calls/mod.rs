//! Replacements for the functions of libc that create, end, block or wake tasks.
//!
//! A call that would block blocks in the scheduler instead, so the scheduler knows which tasks
//! can continue. Sleeps end at once, and the scheduler sets the clock, because a sleep proves
//! nothing about the order of tasks.

pub(crate) mod births;
mod locks;
mod system;
mod time;

use crate::choice::SLEEP;
use crate::layout::{Kind, Lock, State};
use crate::real::errno;
use crate::turn::{block, me, point};
use libc::c_int;
use std::sync::atomic::Ordering::Relaxed;

/// Repeats a non-blocking call until it succeeds or fails, and blocks in the scheduler in
/// between.
fn until(state: State, awaited: u64, mut attempt: impl FnMut() -> c_int) -> c_int {
    loop {
        let result = attempt();
        if me().is_none() || !is_busy(result) {
            return result;
        }
        block(state, awaited, Kind::Block);
    }
}

/// Whether a call would block: a function of POSIX threads returns the error, another one sets
/// `errno`.
fn is_busy(result: c_int) -> bool {
    result == libc::EBUSY || result == -1 && matches!(errno(), libc::EAGAIN | libc::EACCES)
}

/// A scheduling point in a call of libc.
fn point_at(kind: Kind, address: u64) {
    point(kind, 0, address, 0);
}

/// A scheduling point before a task asks for a lock of this kind, or after it has released the lock.
fn point_at_lock(address: u64, kind: Lock, is_free: bool) {
    // The odd address says that the lock is free again.
    let address = address | u64::from(is_free);
    point(Kind::Release, 0, address, kind as u32);
}

fn give_way(nanoseconds: u64) {
    if let Some((run, _)) = me() {
        run.clock.fetch_add(nanoseconds, Relaxed);
        point_at(Kind::Yield, if nanoseconds == 0 { 0 } else { SLEEP });
    }
}
