//! Verdict: passed
//!
//! The lock is a named semaphore, sem_open(3). Each child opens it by its name.

use anyhow::{Result, anyhow, ensure};
use common::{Children, exit_child, fork, waitpid};
use common::{SharedSlice, Stopwatch, WaitStatus, args, print_counter};
use nix::unistd::ForkResult;
use std::ffi::CStr;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

const NAME: &CStr = c"/semaphore-of-the-lab";

fn main() -> Result<()> {
    let args = args::counter();
    let slots = SharedSlice::<AtomicU64>::zeroed(1)?;
    let counter = &slots[0];
    // SAFETY: the name is a C string.
    unsafe { libc::sem_unlink(NAME.as_ptr()) };
    open_semaphore(libc::O_CREAT | libc::O_EXCL)?;

    let stopwatch = Stopwatch::start();
    let mut workers = Children::new();
    for i in 0..args.num {
        match fork().map_err(|error| anyhow!("cannot start process {i}: {error}"))? {
            ForkResult::Child => {
                let Ok(semaphore) = open_semaphore(0) else {
                    exit_child(1)
                };
                for _ in 0..args.increments {
                    if args.is_atomic {
                        counter.fetch_add(1, Relaxed);
                    } else {
                        // SAFETY: the semaphore stays mapped.
                        unsafe { libc::sem_wait(semaphore) };
                        let value = counter.load(Relaxed);
                        counter.store(value + 1, Relaxed);
                        // SAFETY: as above.
                        unsafe { libc::sem_post(semaphore) };
                    }
                }
                exit_child(0)
            }
            ForkResult::Parent { child } => workers.push(child),
        }
    }

    for &worker in workers.iter() {
        let status = waitpid(worker)?;
        ensure!(status == 0, "a worker {}", WaitStatus::from_raw(status));
    }
    // SAFETY: the name is a C string.
    unsafe { libc::sem_unlink(NAME.as_ptr()) };

    print_counter(counter.load(Relaxed), &stopwatch)
}

fn open_semaphore(flags: i32) -> io::Result<*mut libc::sem_t> {
    // SAFETY: the name is a C string, and a new semaphore gets a mode and a value.
    let semaphore = unsafe { libc::sem_open(NAME.as_ptr(), flags, 0o600, 1) };
    if semaphore == libc::SEM_FAILED {
        return Err(io::Error::last_os_error());
    }
    Ok(semaphore)
}
