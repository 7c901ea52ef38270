//! One worker that does nothing, from its creation to its end.

use anyhow::{Result, anyhow, ensure};
use common::{WaitStatus, waitpid};
use nix::unistd::{self, ForkResult};
use std::time::{Duration, Instant};
use std::{fs, thread};

/// A thread that does nothing, created and joined.
///
/// # Errors
///
/// When the system has no more threads, or the thread panicked.
pub fn thread() -> Result<()> {
    let worker = thread::Builder::new()
        .spawn(|| ())
        .map_err(|error| anyhow!("cannot start a thread: {error}"))?;
    worker.join().map_err(|_| anyhow!("the thread panicked"))
}

/// A thread that may borrow from its creator, and does nothing.
///
/// # Errors
///
/// As [`thread()`].
pub fn scoped_thread() -> Result<()> {
    thread::scope(|scope| {
        let worker = thread::Builder::new()
            .spawn_scoped(scope, || ())
            .map_err(|error| anyhow!("cannot start a thread: {error}"))?;
        worker.join().map_err(|_| anyhow!("the thread panicked"))
    })
}

/// A process that does nothing, by the bare system calls: `fork`, `_exit` and
/// `waitpid`.
///
/// # Errors
///
/// When the system has no more processes.
pub fn process() -> Result<()> {
    // SAFETY: the child calls nothing but `_exit`, which is allowed even if
    // there were other threads.
    match unsafe { unistd::fork() }.map_err(|error| anyhow!("cannot fork: {error}"))? {
        // SAFETY: it ends the process at once, without using anything of it.
        ForkResult::Child => unsafe { libc::_exit(0) },
        ForkResult::Parent { child } => wait(child),
    }
}

/// A process that does nothing, by what the exercises use: [`common::fork`],
/// [`common::exit_child`] and [`common::waitpid`].
///
/// # Errors
///
/// As [`common::fork`].
pub fn exercise_process() -> Result<()> {
    match common::fork().map_err(|error| anyhow!("cannot fork: {error}"))? {
        ForkResult::Child => common::exit_child(0),
        ForkResult::Parent { child } => wait(child),
    }
}

fn wait(child: nix::unistd::Pid) -> Result<()> {
    let status = waitpid(child)?;
    ensure!(status == 0, "the child {}", WaitStatus::from_raw(status));
    Ok(())
}

/// Makes sure that a fork that follows copies the one thread there is.
///
/// # Panics
///
/// When there is another one that does not end within a second.
pub fn assert_single_threaded() {
    // A thread that joins another one learns of its end a moment before the kernel has
    // removed it.
    let deadline = Instant::now() + Duration::from_secs(1);
    loop {
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        let threads = status
            .lines()
            .find_map(|line| line.strip_prefix("Threads:"))
            .map(str::trim);
        if threads == Some("1") {
            return;
        }
        assert!(
            Instant::now() < deadline,
            "a fork needs a single-threaded process, and this one has {} threads",
            threads.unwrap_or("an unknown number of")
        );
        thread::yield_now();
    }
}
