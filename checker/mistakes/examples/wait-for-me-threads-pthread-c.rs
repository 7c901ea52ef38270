//! Verdict: passed
//!
//! Written as in C: pthread_attr_init, pthread_create, pthread_join, with the count of the negated
//! numbers as the return value of the thread.

use anyhow::{Result, ensure};
use common::args;
use common::pace::{print_slowly, work_a_little};
use libc::c_void;
use std::mem::MaybeUninit;
use std::ptr;
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};

const N: usize = 400;
static NUMBERS: [AtomicI32; N] = [const { AtomicI32::new(0) }; N];

fn main() -> Result<()> {
    args::none();
    let mut i = 0;
    while i < N {
        NUMBERS[i].store(i32::try_from(i)? + 1, Relaxed);
        i += 1;
    }

    let mut tid: libc::pthread_t = 0;
    let mut attr = MaybeUninit::<libc::pthread_attr_t>::uninit();
    let mut retval: *mut c_void = ptr::null_mut();
    let rc;
    // SAFETY: as in the example of pthread_create(3).
    unsafe {
        libc::pthread_attr_init(attr.as_mut_ptr());
        libc::pthread_attr_setdetachstate(attr.as_mut_ptr(), libc::PTHREAD_CREATE_JOINABLE);
        libc::pthread_attr_setstacksize(attr.as_mut_ptr(), 1 << 20);
        rc = libc::pthread_create(&raw mut tid, attr.as_ptr(), start, ptr::null_mut());
        libc::pthread_attr_destroy(attr.as_mut_ptr());
    }
    ensure!(rc == 0, "pthread_create: error {rc}");

    // SAFETY: tid was created above and is joined once.
    let rc = unsafe { libc::pthread_join(tid, &raw mut retval) };
    ensure!(rc == 0, "pthread_join: error {rc}");
    ensure!(
        retval.addr() == N,
        "only {} numbers were negated",
        retval.addr()
    );

    print_slowly(&NUMBERS)
}

extern "C" fn start(_arg: *mut c_void) -> *mut c_void {
    ptr::without_provenance_mut(negate_numbers())
}

fn negate_numbers() -> usize {
    let mut count = 0;
    for number in NUMBERS.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
        count += 1;
    }
    count
}
