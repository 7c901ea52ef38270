//! Verdict: environment
//!
//! The workers are this program, executed again. They inherit a file in memory as their standard
//! input, and map it: it holds a robust mutex for processes, and the counter.
//! This is right, but only the schedules of one program can be explored.

use anyhow::{Context, Result, ensure};
use common::{Stopwatch, args, print_counter};
use std::fs::File;
use std::io::Error;
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd};
use std::process::Command;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::{env, io::stdin};

const JOB: &str = "SHARED_COUNTER_JOB";

struct Shared {
    mutex: libc::pthread_mutex_t,
    counter: AtomicU64,
}

fn map(file: BorrowedFd) -> Result<*mut Shared> {
    let (size, access) = (size_of::<Shared>(), libc::PROT_READ | libc::PROT_WRITE);
    // SAFETY: the kernel chooses a free address.
    let start = unsafe {
        libc::mmap(
            null_mut(),
            size,
            access,
            libc::MAP_SHARED,
            file.as_raw_fd(),
            0,
        )
    };
    ensure!(
        start != libc::MAP_FAILED,
        "mmap: {}",
        Error::last_os_error()
    );
    Ok(start.cast())
}

fn work(increments: u32, is_atomic: bool) -> Result<()> {
    let shared = map(stdin().as_fd())?;
    // SAFETY: the parent has filled the mapping, and it stays until the process ends.
    let (mutex, counter) = unsafe { (&raw mut (*shared).mutex, &(*shared).counter) };
    for _ in 0..increments {
        if is_atomic {
            counter.fetch_add(1, Relaxed);
            continue;
        }
        // SAFETY: the mutex is initialised; the last call of the three needs the first.
        unsafe {
            match libc::pthread_mutex_lock(mutex) {
                libc::EOWNERDEAD => drop(libc::pthread_mutex_consistent(mutex)),
                error => ensure!(
                    error == 0,
                    "cannot lock: {}",
                    Error::from_raw_os_error(error)
                ),
            }
            counter.store(counter.load(Relaxed) + 1, Relaxed);
            libc::pthread_mutex_unlock(mutex);
        }
    }
    Ok(())
}

fn main() -> Result<()> {
    if let Ok(job) = env::var(JOB) {
        let (increments, is_atomic) = job.split_once(' ').context("no job")?;
        return work(increments.parse()?, is_atomic.parse()?);
    }
    let args = args::counter();
    // SAFETY: the name ends with a zero byte.
    let file = unsafe { libc::memfd_create(c"counter".as_ptr(), libc::MFD_CLOEXEC) };
    ensure!(file >= 0, "memfd_create: {}", Error::last_os_error());
    // SAFETY: this program alone owns it.
    let file = unsafe { File::from_raw_fd(file) };
    file.set_len(size_of::<Shared>() as u64)?;
    let shared = map(file.as_fd())?;
    let mut a = MaybeUninit::uninit();
    // SAFETY: the attributes are initialised first; the file of zeros holds a counter of 0.
    let error = unsafe {
        libc::pthread_mutexattr_init(a.as_mut_ptr())
            | libc::pthread_mutexattr_setpshared(a.as_mut_ptr(), libc::PTHREAD_PROCESS_SHARED)
            | libc::pthread_mutexattr_setrobust(a.as_mut_ptr(), libc::PTHREAD_MUTEX_ROBUST)
            | libc::pthread_mutex_init(&raw mut (*shared).mutex, a.as_ptr())
    };
    ensure!(error == 0, "cannot make the mutex");

    let stopwatch = Stopwatch::start();
    let job = format!("{} {}", args.increments, args.is_atomic);
    let start = || {
        Command::new(env::current_exe()?)
            .env(JOB, &job)
            .stdin(file.try_clone()?)
            .spawn()
    };
    let workers: Vec<_> = (0..args.num).map(|_| start()).collect();
    // Wait for all that could be started, and only then look at the failures.
    let ends: Vec<_> = workers.into_iter().map(|worker| worker?.wait()).collect();
    for (i, end) in ends.into_iter().enumerate() {
        let status = end?;
        ensure!(status.success(), "process {i}: {status}");
    }
    // SAFETY: the mapping is still there.
    print_counter(unsafe { (*shared).counter.load(Relaxed) }, &stopwatch)
}
