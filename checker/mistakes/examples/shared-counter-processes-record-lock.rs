//! Verdict: passed
//!
//! Locks a byte of a file in memory with fcntl(F_SETLKW). These locks belong to a process, so
//! they exclude each other even though all children have inherited the same descriptor.

use anyhow::{Result, anyhow, ensure};
use common::{Children, exit_child, fork, set_process_name, waitpid};
use common::{SharedSlice, Stopwatch, WaitStatus, args, print_counter};
use nix::unistd::ForkResult;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::{io, mem};

fn main() -> Result<()> {
    let args = args::counter();
    let shared = SharedSlice::<AtomicU64>::zeroed(1)?;
    let counter = &shared[0];
    // SAFETY: the name is a C string.
    let lock_file = unsafe { libc::memfd_create(c"counter.lock".as_ptr(), 0) };
    ensure!(lock_file >= 0, "memfd: {}", io::Error::last_os_error());

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
                        add_with_lock(counter, lock_file);
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

fn add_with_lock(counter: &AtomicU64, lock_file: i32) {
    set_lock(lock_file, libc::F_WRLCK);
    let value = counter.load(Relaxed);
    counter.store(value + 1, Relaxed);
    set_lock(lock_file, libc::F_UNLCK);
}

/// Locks or unlocks the first byte of the file, and waits if it is locked.
fn set_lock(lock_file: i32, kind: i32) {
    // SAFETY: zeros are valid: from the start of the file.
    let mut lock: libc::flock = unsafe { mem::zeroed() };
    lock.l_type = kind as libc::c_short;
    lock.l_whence = libc::SEEK_SET as libc::c_short;
    lock.l_len = 1;
    // SAFETY: the kernel reads the structure.
    while unsafe { libc::fcntl(lock_file, libc::F_SETLKW, &raw const lock) } < 0 {
        let error = io::Error::last_os_error();
        assert!(error.kind() == io::ErrorKind::Interrupted, "lock: {error}");
    }
}

fn add_atomically(counter: &AtomicU64) {
    counter.fetch_add(1, Relaxed);
}
