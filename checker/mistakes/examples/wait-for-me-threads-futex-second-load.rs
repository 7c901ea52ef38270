//! Verdict: timed-out
//! Main loads the counter again for the futex. If the last worker ends between the loads, main
//! sleeps on the value 0 for ever.

use anyhow::Result;
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::ptr;
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed};
use std::sync::atomic::{AtomicI32, AtomicU32};
use std::thread;

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];
static LEFT: AtomicU32 = AtomicU32::new(2);

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }
    for part in NUMBERS.chunks(200) {
        thread::spawn(move || {
            negate(part);
            if LEFT.fetch_sub(1, AcqRel) == 1 {
                futex_wake(&LEFT);
            }
        });
    }
    while LEFT.load(Acquire) > 0 {
        futex_wait(&LEFT, LEFT.load(Acquire));
    }
    print_slowly(&NUMBERS)
}

fn futex_wait(word: &AtomicU32, expected: u32) {
    let operation = libc::FUTEX_WAIT | libc::FUTEX_PRIVATE_FLAG;
    let forever = ptr::null::<libc::timespec>();
    // SAFETY: The word is valid, and no timeout is allowed.
    unsafe { libc::syscall(libc::SYS_futex, word.as_ptr(), operation, expected, forever) };
}

fn futex_wake(word: &AtomicU32) {
    let operation = libc::FUTEX_WAKE | libc::FUTEX_PRIVATE_FLAG;
    // SAFETY: The word is valid. The kernel does not read it.
    unsafe { libc::syscall(libc::SYS_futex, word.as_ptr(), operation, 1) };
}

fn negate(part: &[AtomicI32]) {
    for number in part.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}
