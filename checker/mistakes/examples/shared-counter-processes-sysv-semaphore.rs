//! Verdict: environment
//!
//! A System V semaphore with the value 1 (semget, semop) is the lock, as in the old books on
//! Unix. SEM_UNDO gives it back if a worker dies. The parent removes the semaphore. This is
//! right, but the checker refuses semget: a semaphore can outlive the program.

use anyhow::{Result, anyhow, ensure};
use common::{Children, exit_child, fork, waitpid};
use common::{SharedSlice, Stopwatch, WaitStatus, args, print_counter};
use nix::unistd::ForkResult;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

struct Semaphore(i32);
impl Semaphore {
    fn new(value: i32) -> io::Result<Self> {
        let id = unsafe { libc::semget(libc::IPC_PRIVATE, 1, 0o600) };
        if id < 0 || unsafe { libc::semctl(id, 0, libc::SETVAL, value) } < 0 {
            return Err(io::Error::last_os_error());
        }
        Ok(Self(id))
    }
    fn change(&self, by: i16) {
        let sem_flg = libc::SEM_UNDO as i16;
        let mut operation = libc::sembuf {
            sem_num: 0,
            sem_op: by,
            sem_flg,
        };
        while unsafe { libc::semop(self.0, &raw mut operation, 1) } < 0 {
            let error = io::Error::last_os_error();
            assert!(error.kind() == io::ErrorKind::Interrupted, "semop: {error}");
        }
    }
}

/// Children end without `drop`, so only the parent removes it.
impl Drop for Semaphore {
    fn drop(&mut self) {
        unsafe { libc::semctl(self.0, 0, libc::IPC_RMID) };
    }
}

fn main() -> Result<()> {
    let args = args::counter();
    let shared = SharedSlice::<AtomicU64>::zeroed(1)?;
    let counter = &shared[0];
    let semaphore = Semaphore::new(1)?;

    let stopwatch = Stopwatch::start();
    let mut workers = Children::new();
    for i in 0..args.num {
        match fork().map_err(|error| anyhow!("cannot start process {i}: {error}"))? {
            ForkResult::Child => {
                for _ in 0..args.increments {
                    if args.is_atomic {
                        add_atomically(counter);
                    } else {
                        add_with_lock(counter, &semaphore);
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

fn add_with_lock(counter: &AtomicU64, semaphore: &Semaphore) {
    semaphore.change(-1); // P
    let value = counter.load(Relaxed);
    counter.store(value + 1, Relaxed);
    semaphore.change(1); // V
}

fn add_atomically(counter: &AtomicU64) {
    counter.fetch_add(1, Relaxed);
}
