//! Verdict: timed-out
//!
//! The semaphore is in shared memory, but `pshared` is 0, so glibc uses private futexes. A worker
//! that sleeps is not found by the sem_post of another process, and sleeps forever.

use anyhow::{Result, anyhow, ensure};
use common::{Children, exit_child, fork, set_process_name, waitpid};
use common::{SharedSlice, WaitStatus};
use common::{Stopwatch, args, print_counter};
use nix::unistd::ForkResult;
use std::io;
use std::ptr;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// A semaphore of POSIX in shared memory. The mapping lasts as long as the process.
struct Semaphore(*mut libc::sem_t);

struct Permit<'a>(&'a Semaphore);

impl Semaphore {
    fn new() -> io::Result<Self> {
        let protection = libc::PROT_READ | libc::PROT_WRITE;
        let flags = libc::MAP_SHARED | libc::MAP_ANONYMOUS;
        // SAFETY: the kernel chooses the address.
        let memory = unsafe {
            libc::mmap(
                ptr::null_mut(),
                size_of::<libc::sem_t>(),
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
        match unsafe { libc::sem_init(memory.cast(), 0, 1) } {
            0 => Ok(Self(memory.cast())),
            _ => Err(io::Error::last_os_error()),
        }
    }
    fn lock(&self) -> Permit<'_> {
        // SAFETY: it is initialised.
        while unsafe { libc::sem_wait(self.0) } != 0 {
            assert_eq!(
                io::Error::last_os_error().kind(),
                io::ErrorKind::Interrupted
            );
        }
        Permit(self)
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        // SAFETY: it is initialised.
        unsafe { libc::sem_post(self.0.0) };
    }
}

fn main() -> Result<()> {
    let args = args::counter();
    let shared = SharedSlice::<AtomicU64>::zeroed(1)?;
    let counter = &shared[0];
    let lock = Semaphore::new()?;

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

fn add_with_lock(counter: &AtomicU64, lock: &Semaphore) {
    let _guard = lock.lock();
    let value = counter.load(Relaxed);
    counter.store(value + 1, Relaxed);
}

fn add_atomically(counter: &AtomicU64) {
    counter.fetch_add(1, Relaxed);
}
