//! The functions of libc that create, end, block or wake tasks: the scheduler's own, in front
//! of libc's.
//!
//! A call that would block blocks in the scheduler instead, so that it knows which tasks can
//! go on. Sleeps end at once, and the clock is the scheduler's: a sleep proves nothing about
//! the order of tasks.

pub(crate) mod births;
mod locks;
mod system;
mod time;

use crate::layout::{Kind, State};
use crate::turn::{Place, block, me, point};
use libc::c_int;
use std::sync::atomic::Ordering::Relaxed;

/// Not a place in the program.
const NOWHERE: Place = Place {
    pc: 0,
    address: 0,
    size: 0,
};

/// Calls what does not block until it does not say that it would, and blocks in between.
fn until<R>(awaited: u64, mut attempt: impl FnMut() -> R, would_block: impl Fn(&R) -> bool) -> R {
    loop {
        let result = attempt();
        if me().is_none() || !would_block(&result) {
            return result;
        }
        block(State::Again, awaited, Kind::Block, 0);
    }
}

fn release() {
    point(Kind::Release, NOWHERE);
}

fn give_way(nanoseconds: u64) {
    if let Some((shared, _)) = me() {
        shared.clock.fetch_add(nanoseconds, Relaxed);
        point(Kind::Yield, NOWHERE);
    }
}

fn errno() -> c_int {
    // SAFETY: the address is that of this thread's own variable.
    unsafe { *libc::__errno_location() }
}
