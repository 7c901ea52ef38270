//! Verdict: passed
//!
//! The program waits for a semaphore of the C library.

use anyhow::Result;
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::cell::UnsafeCell;
use std::mem::MaybeUninit;
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::thread;

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }
    let done = Semaphore(UnsafeCell::new(MaybeUninit::uninit()));
    // SAFETY: it is initialised here, before any thread uses it.
    unsafe { libc::sem_init(done.address(), 0, 0) };
    thread::scope(|scope| {
        scope.spawn(|| {
            negate_numbers();
            // SAFETY: it is initialised, and outlives the scope.
            unsafe { libc::sem_post(done.address()) };
        });
        // SAFETY: as above.
        unsafe { libc::sem_wait(done.address()) };
    });
    print_slowly(&NUMBERS)
}

fn negate_numbers() {
    for number in NUMBERS.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}

struct Semaphore(UnsafeCell<MaybeUninit<libc::sem_t>>);

// SAFETY: the C library lets several threads use a semaphore at the same time.
unsafe impl Sync for Semaphore {}

impl Semaphore {
    fn address(&self) -> *mut libc::sem_t {
        self.0.get().cast()
    }
}
