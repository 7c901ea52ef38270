//! Verdict: passed
//!
//! An eventfd (EFD_SEMAPHORE) as the lock.

use anyhow::{Result, anyhow, ensure};
use common::{Children, exit_child, fork, set_process_name, waitpid};
use common::{SharedSlice, Stopwatch, WaitStatus, args, print_counter};
use nix::unistd::ForkResult;
use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::FromRawFd;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

fn main() -> Result<()> {
    let args = args::counter();
    let shared = SharedSlice::<AtomicU64>::zeroed(1)?;
    let counter = &shared[0];
    // SAFETY: no memory is involved.
    let fd = unsafe { libc::eventfd(1, libc::EFD_SEMAPHORE | libc::EFD_CLOEXEC) };
    ensure!(fd >= 0, "eventfd: {}", io::Error::last_os_error());
    // SAFETY: a new descriptor.
    let event = unsafe { File::from_raw_fd(fd) };

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
                        add_with_lock(counter, &event).expect("eventfd works");
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

fn add_with_lock(counter: &AtomicU64, mut event: &File) -> io::Result<()> {
    let mut one = [0; 8];
    // From 1 to 0; waits while it is 0.
    event.read_exact(&mut one)?;
    let value = counter.load(Relaxed);
    counter.store(value + 1, Relaxed);
    event.write_all(&one)
}

fn add_atomically(counter: &AtomicU64) {
    let mut value = 0;
    while let Err(actual) = counter.compare_exchange(value, value + 1, Relaxed, Relaxed) {
        value = actual;
    }
}
