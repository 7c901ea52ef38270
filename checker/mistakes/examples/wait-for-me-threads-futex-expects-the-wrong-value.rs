//! Verdict: did-not-wait
//!
//! FUTEX_WAIT sleeps while the word has the given value. Main passes the value that it waits for,
//! so the call fails with EAGAIN at once, and the program ignores the result.

use anyhow::Result;
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::Release;
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::thread;

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];
static DONE: AtomicU32 = AtomicU32::new(0);

fn futex(word: &AtomicU32, op: libc::c_int, value: u32) {
    // SAFETY: the word is an aligned atomic of 32 bits, and there is no time limit.
    unsafe {
        libc::syscall(
            libc::SYS_futex,
            word.as_ptr(),
            op,
            value,
            std::ptr::null::<libc::timespec>(),
        );
    }
}

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }

    thread::spawn(|| {
        negate_numbers();
        DONE.store(1, Release);
        futex(&DONE, libc::FUTEX_WAKE | libc::FUTEX_PRIVATE_FLAG, 1);
    });
    // Sleep until DONE is 1.
    futex(&DONE, libc::FUTEX_WAIT | libc::FUTEX_PRIVATE_FLAG, 1);

    print_slowly(&NUMBERS)
}

fn negate_numbers() {
    for number in NUMBERS.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}
