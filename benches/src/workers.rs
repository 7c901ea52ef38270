//! One worker that does nothing, from its creation to its end.

use common::{WaitStatus, waitpid};
use nix::unistd::{self, ForkResult, Pid};
use std::time::{Duration, Instant};
use std::{fs, thread};

/// A thread that does nothing, created and joined.
///
/// # Panics
///
/// When the system has no more threads.
pub fn thread() {
    let worker = thread::spawn(|| ());
    worker.join().expect("a thread that does nothing");
}

/// A thread that may borrow from its creator, and does nothing.
///
/// # Panics
///
/// As [`thread()`].
pub fn scoped_thread() {
    thread::scope(|scope| {
        let worker = scope.spawn(|| ());
        worker.join().expect("a thread that does nothing");
    });
}

/// A process that does nothing, by the bare system calls: `fork`, `_exit` and
/// `waitpid`.
///
/// # Panics
///
/// When the system has no more processes.
pub fn process() {
    // SAFETY: the child calls nothing but `_exit`, which is allowed even if
    // there were other threads.
    match unsafe { unistd::fork() }.expect("a process") {
        // SAFETY: it ends the process at once, without using anything of it.
        ForkResult::Child => unsafe { libc::_exit(0) },
        ForkResult::Parent { child } => wait(child),
    }
}

/// A process that does nothing, by what the exercises use: [`common::fork`],
/// [`common::exit_child`] and [`common::waitpid`].
///
/// # Panics
///
/// As [`process`].
pub fn exercise_process() {
    match common::fork().expect("a process") {
        ForkResult::Child => common::exit_child(0),
        ForkResult::Parent { child } => wait(child),
    }
}

/// Waits for a child.
///
/// # Panics
///
/// When it ended with another exit status than 0.
pub fn wait(child: Pid) {
    let status = waitpid(child).expect("a child of this process");
    assert!(status == 0, "the child {}", WaitStatus::from_raw(status));
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
    let threads = || fs::read_dir("/proc/self/task").map_or(0, Iterator::count);
    while threads() != 1 {
        assert!(
            Instant::now() < deadline,
            "a fork needs a single-threaded process, and this one has {} threads",
            threads()
        );
        thread::yield_now();
    }
}
