//! Verdict: passed
//!
//! The thread is made and waited for with the functions of the C library.

use anyhow::{Context, Result};
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::ffi::c_void;
use std::mem::MaybeUninit;
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::{io, ptr};

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }

    let mut negator = MaybeUninit::uninit();
    // SAFETY: its id is written to `negator`, which is borrowed for that, and the
    // function uses no argument.
    let errno = unsafe {
        libc::pthread_create(
            negator.as_mut_ptr(),
            ptr::null(),
            negate_numbers,
            ptr::null_mut(),
        )
    };
    check(errno).context("cannot start the thread")?;
    // SAFETY: it was written, as the thread has been started.
    let negator = unsafe { negator.assume_init() };
    // SAFETY: the thread has not been waited for, and what it returns is not used.
    let errno = unsafe { libc::pthread_join(negator, ptr::null_mut()) };
    check(errno).context("cannot wait for the thread")?;

    print_slowly(&NUMBERS)
}

fn check(errno: i32) -> io::Result<()> {
    match errno {
        0 => Ok(()),
        errno => Err(io::Error::from_raw_os_error(errno)),
    }
}

extern "C" fn negate_numbers(_: *mut c_void) -> *mut c_void {
    for number in NUMBERS.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
    ptr::null_mut()
}
