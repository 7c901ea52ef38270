//! Verdict: wrong-output
//!
//! A lock of flock belongs to the open file. All children have inherited the same open file, so each
//! of them gets the lock at once.

use anyhow::{Result, anyhow, ensure};
use common::{Children, exit_child, fork, set_process_name, waitpid};
use common::{SharedSlice, WaitStatus};
use common::{Stopwatch, args, print_counter};
use nix::errno::Errno;
use nix::unistd::ForkResult;
use std::fs::File;
use std::os::fd::{AsRawFd, FromRawFd};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

fn main() -> Result<()> {
    let args = args::counter();
    let shared = SharedSlice::<AtomicU64>::zeroed(1)?;
    let counter = &shared[0];
    let lock = lock_file()?;

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

fn add_with_lock(counter: &AtomicU64, lock: &File) {
    flock(lock, libc::LOCK_EX);
    let value = counter.load(Relaxed);
    counter.store(value + 1, Relaxed);
    flock(lock, libc::LOCK_UN);
}

/// A file without a name, so there is nothing to remove.
fn lock_file() -> nix::Result<File> {
    // SAFETY: the name ends with a NUL.
    let fd = Errno::result(unsafe { libc::memfd_create(c"lock".as_ptr(), libc::MFD_CLOEXEC) })?;
    // SAFETY: it is new.
    Ok(unsafe { File::from_raw_fd(fd) })
}

fn flock(file: &File, operation: i32) {
    // SAFETY: the file is open.
    while let Err(error) = Errno::result(unsafe { libc::flock(file.as_raw_fd(), operation) }) {
        assert!(error == Errno::EINTR, "flock: {error}");
    }
}

fn add_atomically(counter: &AtomicU64) {
    counter.fetch_add(1, Relaxed);
}
