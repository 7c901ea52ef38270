//! Verdict: passed
//!
//! As in C: mmap, pthread_mutex_t with PTHREAD_PROCESS_SHARED, libc::fork, a plain integer, wait.

use anyhow::{Result, ensure};
use common::{Stopwatch, args, print_counter};
use std::io::Error;
use std::mem::MaybeUninit;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

#[repr(C)]
struct Shared {
    mutex: libc::pthread_mutex_t,
    counter: u64,
}

fn main() -> Result<()> {
    let args = args::counter();
    // SAFETY: a new mapping, wherever the kernel likes.
    let memory = unsafe {
        libc::mmap(
            null_mut(),
            size_of::<Shared>(),
            libc::PROT_READ | libc::PROT_WRITE,
            libc::MAP_SHARED | libc::MAP_ANONYMOUS,
            -1,
            0,
        )
    };
    ensure!(
        memory != libc::MAP_FAILED,
        "mmap: {}",
        Error::last_os_error()
    );
    let shared: *mut Shared = memory.cast();
    // SAFETY: `shared` is large enough for both, and lives until the end.
    let (mutex, counter) = unsafe { (&raw mut (*shared).mutex, &raw mut (*shared).counter) };
    let mut attributes = MaybeUninit::uninit();
    // SAFETY: initialized in the right order.
    unsafe {
        libc::pthread_mutexattr_init(attributes.as_mut_ptr());
        libc::pthread_mutexattr_setpshared(attributes.as_mut_ptr(), libc::PTHREAD_PROCESS_SHARED);
        libc::pthread_mutex_init(mutex, attributes.as_ptr());
    }

    let stopwatch = Stopwatch::start();
    for i in 0..args.num {
        // SAFETY: there is only one thread.
        let pid = unsafe { libc::fork() };
        ensure!(pid >= 0, "fork {i}: {}", Error::last_os_error());
        if pid == 0 {
            for _ in 0..args.increments {
                if args.is_atomic {
                    // SAFETY: aligned, and all processes use it atomically in this mode.
                    let counter = unsafe { AtomicU64::from_ptr(counter) };
                    counter.fetch_add(1, Relaxed);
                } else {
                    // SAFETY: the mutex protects the counter.
                    unsafe {
                        libc::pthread_mutex_lock(mutex);
                        let value = counter.read_volatile();
                        counter.write_volatile(value + 1);
                        libc::pthread_mutex_unlock(mutex);
                    }
                }
            }
            // SAFETY: ends the child.
            unsafe { libc::_exit(0) };
        }
    }
    for _ in 0..args.num {
        let mut status = 0;
        // SAFETY: writes to `status`.
        let pid = unsafe { libc::wait(&raw mut status) };
        ensure!(pid > 0, "wait: {}", Error::last_os_error());
        ensure!(
            libc::WIFEXITED(status) && libc::WEXITSTATUS(status) == 0,
            "process {pid} failed"
        );
    }

    // SAFETY: all children have ended.
    let total = unsafe { counter.read_volatile() };
    print_counter(total, &stopwatch)
}
