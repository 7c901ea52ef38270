//! Verdict: wrong-output
//!
//! A lock of my own as in C, with a mutex and a condition variable for several processes. It asks
//! once whether the lock is free, with `if`: a woken process takes it, though another one may have it again.

use anyhow::{Result, ensure};
use common::{Stopwatch, args, print_counter};
use std::io::Error;
use std::mem::MaybeUninit;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

#[repr(C)]
struct Shared {
    mutex: libc::pthread_mutex_t,
    is_free: libc::pthread_cond_t,
    is_taken: bool,
    counter: u64,
}

/// # Safety
///
/// The mutex and the condition variable are initialized.
unsafe fn lock(shared: *mut Shared) {
    // SAFETY: as above. The mutex protects `is_taken`.
    unsafe {
        libc::pthread_mutex_lock(&raw mut (*shared).mutex);
        if (*shared).is_taken {
            libc::pthread_cond_wait(&raw mut (*shared).is_free, &raw mut (*shared).mutex);
        }
        (*shared).is_taken = true;
        libc::pthread_mutex_unlock(&raw mut (*shared).mutex);
    }
}

/// # Safety
///
/// As of `lock`.
unsafe fn unlock(shared: *mut Shared) {
    // SAFETY: as in `lock`.
    unsafe {
        libc::pthread_mutex_lock(&raw mut (*shared).mutex);
        (*shared).is_taken = false;
        libc::pthread_cond_signal(&raw mut (*shared).is_free);
        libc::pthread_mutex_unlock(&raw mut (*shared).mutex);
    }
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
    // SAFETY: `shared` is large enough, and lives until the end.
    let counter = unsafe { &raw mut (*shared).counter };
    let mut attributes = MaybeUninit::uninit();
    // SAFETY: initialized in the right order.
    unsafe {
        libc::pthread_mutexattr_init(attributes.as_mut_ptr());
        libc::pthread_mutexattr_setpshared(attributes.as_mut_ptr(), libc::PTHREAD_PROCESS_SHARED);
        libc::pthread_mutex_init(&raw mut (*shared).mutex, attributes.as_ptr());
    }
    let mut attributes = MaybeUninit::uninit();
    // SAFETY: as above.
    unsafe {
        libc::pthread_condattr_init(attributes.as_mut_ptr());
        libc::pthread_condattr_setpshared(attributes.as_mut_ptr(), libc::PTHREAD_PROCESS_SHARED);
        libc::pthread_cond_init(&raw mut (*shared).is_free, attributes.as_ptr());
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
                    // SAFETY: the lock is initialized.
                    unsafe {
                        lock(shared);
                        let value = counter.read_volatile();
                        counter.write_volatile(value + 1);
                        unlock(shared);
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
