//! Verdict: passed
//! The thread is made with `pthread_create` of libc and gets a pointer to an array of
//! 128-bit numbers on the stack of main. Main waits with `pthread_join`.

use anyhow::{Result, ensure};
use common::args;
use common::pace::work_a_little;
use std::ffi::c_void;
use std::mem::MaybeUninit;
use std::ptr;

type Numbers = [i128; 400];

extern "C" fn negate(numbers: *mut c_void) -> *mut c_void {
    // SAFETY: main passes a pointer to its array, and does not touch the array before
    // this thread has ended.
    let numbers = unsafe { &mut *numbers.cast::<Numbers>() };
    for number in numbers.iter_mut().rev() {
        *number = -*number;
        work_a_little();
    }
    ptr::null_mut()
}

fn main() -> Result<()> {
    args::none();
    let mut numbers: Numbers = [0; 400];
    for (number, value) in numbers.iter_mut().zip(1..) {
        *number = value;
    }
    let argument = (&raw mut numbers).cast();
    let mut thread = MaybeUninit::uninit();
    // SAFETY: `thread` may be written, null attributes are the default ones, and the
    // array lives until the join below.
    let error = unsafe { libc::pthread_create(thread.as_mut_ptr(), ptr::null(), negate, argument) };
    ensure!(error == 0, "pthread_create gives error {error}");
    // SAFETY: `pthread_create` has succeeded, so it has written the handle.
    let thread = unsafe { thread.assume_init() };
    // SAFETY: the thread is joinable, and this is its only join.
    let error = unsafe { libc::pthread_join(thread, ptr::null_mut()) };
    ensure!(error == 0, "pthread_join gives error {error}");
    for number in numbers {
        print!("{number}, ");
    }
    println!();
    Ok(())
}
