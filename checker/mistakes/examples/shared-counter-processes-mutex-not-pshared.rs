//! Verdict: timed-out
//!
//! The mutex is in shared memory, but its attributes are the default ones, without
//! `PTHREAD_PROCESS_SHARED`. So a worker that sleeps is not woken by another process.

use anyhow::{Result, anyhow, ensure};
use common::{Children, exit_child, fork, set_process_name, waitpid};
use common::{SharedSlice, WaitStatus};
use common::{Stopwatch, args, print_counter};
use nix::unistd::ForkResult;
use std::io;
use std::ptr;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// A mutex of POSIX in shared memory. The mapping lasts as long as the process.
struct Lock(*mut libc::pthread_mutex_t);

struct Permit<'a>(&'a Lock);

impl Lock {
    fn new() -> io::Result<Self> {
        let protection = libc::PROT_READ | libc::PROT_WRITE;
        let flags = libc::MAP_SHARED | libc::MAP_ANONYMOUS;
        // SAFETY: the kernel chooses the address.
        let memory = unsafe {
            libc::mmap(
                ptr::null_mut(),
                size_of::<libc::pthread_mutex_t>(),
                protection,
                flags,
                -1,
                0,
            )
        };
        if memory == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: the memory is large enough, and a page is aligned.
        match unsafe { libc::pthread_mutex_init(memory.cast(), ptr::null()) } {
            0 => Ok(Self(memory.cast())),
            _ => Err(io::Error::last_os_error()),
        }
    }
    fn lock(&self) -> Permit<'_> {
        // SAFETY: it is initialised.
        assert_eq!(unsafe { libc::pthread_mutex_lock(self.0) }, 0);
        Permit(self)
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        // SAFETY: it is initialised.
        unsafe { libc::pthread_mutex_unlock(self.0.0) };
    }
}

fn main() -> Result<()> {
    let args = args::counter();
    let shared = SharedSlice::<AtomicU64>::zeroed(1)?;
    let counter = &shared[0];
    let lock = Lock::new()?;

    let stopwatch = Stopwatch::start();
    let mut workers = Children::new();
    for i in 0..args.num {
        match fork().map_err(|error| anyhow!("cannot start process {i}: {error}"))? {
            ForkResult::Child => {
                set_process_name(&format!("worker {i}"));
                for _ in 0..args.increments {
                    if args.is_atomic {
                        add_atomically(counter);
                    } else {
                        add_with_lock(counter, &lock);
                    }
                }
                exit_child(0)
            }
            ForkResult::Parent { child } => workers.push(child),
        }
    }

    for (i, &worker) in workers.iter().enumerate() {
        let status = waitpid(worker)?;
        ensure!(status == 0, "process {i} {}", WaitStatus::from_raw(status));
    }

    print_counter(counter.load(Relaxed), &stopwatch)
}

fn add_with_lock(counter: &AtomicU64, lock: &Lock) {
    let _guard = lock.lock();
    let value = counter.load(Relaxed);
    counter.store(value + 1, Relaxed);
}

fn add_atomically(counter: &AtomicU64) {
    counter.fetch_add(1, Relaxed);
}
