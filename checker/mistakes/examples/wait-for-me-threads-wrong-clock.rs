//! Verdict: did-not-wait
//!
//! It joins the thread, for five seconds at most. The deadline is one of the monotonic
//! clock; the function looks at the clock of the wall, for which it passed long ago.

use anyhow::Result;
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::os::unix::thread::JoinHandleExt;
use std::ptr;
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::thread;

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }

    let negator = thread::spawn(negate_numbers).into_pthread_t();

    let mut deadline = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: it writes to `deadline`.
    unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &raw mut deadline) };
    deadline.tv_sec += 5;
    // SAFETY: the thread is joinable, and joined only here.
    unsafe { libc::pthread_timedjoin_np(negator, ptr::null_mut(), &raw const deadline) };

    print_slowly(&NUMBERS)
}

fn negate_numbers() {
    for number in NUMBERS.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}
