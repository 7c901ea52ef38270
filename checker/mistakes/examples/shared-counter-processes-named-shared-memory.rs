//! Verdict: passed
//!
//! The counter is in shared memory with a name, shm_open(3).

use anyhow::{Result, anyhow, ensure};
use common::{Children, exit_child, fork, waitpid};
use common::{SharedLock, Stopwatch, WaitStatus, args, print_counter};
use nix::unistd::ForkResult;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::{io, ptr};

const NAME: &std::ffi::CStr = c"/shared-counter-of-the-lab";

fn main() -> Result<()> {
    let args = args::counter();
    let counter = named_counter()?;
    let lock = SharedLock::new()?;

    let stopwatch = Stopwatch::start();
    let mut workers = Children::new();
    for i in 0..args.num {
        match fork().map_err(|error| anyhow!("cannot start process {i}: {error}"))? {
            ForkResult::Child => {
                for _ in 0..args.increments {
                    if args.is_atomic {
                        counter.fetch_add(1, Relaxed);
                    } else {
                        let _guard = lock.lock();
                        let value = counter.load(Relaxed);
                        counter.store(value + 1, Relaxed);
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

    print_counter(counter.load(Relaxed), &stopwatch)
}

fn named_counter() -> io::Result<&'static AtomicU64> {
    // SAFETY: the name is a C string.
    let fd = unsafe { libc::shm_open(NAME.as_ptr(), libc::O_CREAT | libc::O_RDWR, 0o600) };
    // SAFETY: a wrong descriptor is an error.
    if fd < 0 || unsafe { libc::ftruncate(fd, 8) } < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the name is a C string.
    unsafe { libc::shm_unlink(NAME.as_ptr()) };
    let access = libc::PROT_READ | libc::PROT_WRITE;
    // SAFETY: the kernel chooses the place.
    let memory = unsafe { libc::mmap(ptr::null_mut(), 8, access, libc::MAP_SHARED, fd, 0) };
    if memory == libc::MAP_FAILED {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the memory is zero, aligned to a page, and stays mapped.
    Ok(unsafe { &*memory.cast() })
}
