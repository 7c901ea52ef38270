//! Creating and ending a child process.

use nix::sys::prctl;
use nix::sys::signal::{SigHandler, Signal, signal};
use nix::unistd::{self, ForkResult, getpid, getppid, gettid};
use std::ffi::CString;
use std::io::{self, Write};
use std::os::unix::fs::MetadataExt;
use std::sync::Once;
use std::time::{Duration, Instant};
use std::{fs, mem, panic, ptr, thread};

/// Creates a child process, `fork(2)`. It returns once in the parent and once in
/// the child.
///
/// The child must end with [`exit_child`]. The kernel kills it when the thread that called `fork`
/// ends: `PR_SET_PDEATHSIG`, `prctl(2)`. A panic ends it at once, with exit status 101, like
/// every Rust program that panics.
///
/// # Errors
///
/// `EAGAIN` when there are too many processes, `ENOMEM` when the kernel has no memory for
/// another one. With debug assertions, which `cargo run` enables, [`io::ErrorKind::Deadlock`]
/// if this process has another thread. The child would inherit that thread's locks, but not the
/// thread that unlocks them.
pub fn fork() -> io::Result<ForkResult> {
    // Counting reads /proc, and may wait for threads that are about to end. So only development
    // builds count.
    if cfg!(debug_assertions) {
        refuse_other_threads()?;
    }
    static FIRST: Once = Once::new();
    FIRST.call_once(|| {
        keep_wait_statuses();
        end_children_that_panic();
    });
    // Without this flush, both processes would print the buffered text.
    io::stdout().flush()?;
    let parent = getpid();
    // SAFETY: this is the only thread, so the child is a complete copy of the process, and may
    // do all that its parent may do. Without debug assertions this is not checked. All programs
    // of the lab are tried with them.
    let result = unsafe { unistd::fork() }?;
    if result.is_child() {
        // Fails only for invalid signal numbers.
        let _ = prctl::set_pdeathsig(Signal::SIGKILL);
        if getppid() != parent {
            // The parent ended before the line above took effect.
            exit_child(1);
        }
    }
    Ok(result)
}

/// Ends a child process with this exit status, `_exit(2)`.
///
/// It flushes standard output, and then calls `_exit`. Unlike `exit(3)` of C, it runs none of
/// the `atexit` handlers that the child inherited from its parent, and flushes no buffer of C.
pub fn exit_child(status: i32) -> ! {
    // The buffer was empty at the `fork`, so this is the child's own text.
    let _ = io::stdout().flush();
    // SAFETY: `_exit` ends the process at once and uses none of its memory.
    unsafe { libc::_exit(status) }
}

/// Names this process, so that `ps`, `top` and debuggers show which worker it is:
/// `PR_SET_NAME`, `prctl(2)`. The kernel keeps the first 15 bytes.
pub fn set_process_name(name: &str) {
    // Fails only for a name that contains a NUL byte.
    let _ = CString::new(name).map(|name| prctl::set_name(&name));
}

/// Installs a panic hook: from now on, a forked child that panics exits at once. Otherwise the
/// panic would unwind into the parent's code. This applies only to the thread that returned
/// from `fork`: its thread id is the process id. Another thread of the child can panic and be
/// joined as usual.
fn end_children_that_panic() {
    let program = getpid();
    let print_message = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        print_message(info);
        if getpid() != program && gettid() == getpid() {
            exit_child(101);
        }
    }));
}

/// A program may inherit that SIGCHLD is ignored. Then its children leave no wait status:
/// waitpid(2), notes. A handler stays.
fn keep_wait_statuses() {
    // SAFETY: zeroes are a `sigaction`.
    let mut action: libc::sigaction = unsafe { mem::zeroed() };
    // SAFETY: the call changes nothing but `action`.
    unsafe { libc::sigaction(libc::SIGCHLD, ptr::null(), &raw mut action) };
    if action.sa_sigaction == libc::SIG_IGN {
        // SAFETY: no handler is installed. The call fails only for numbers that are no signals.
        let _ = unsafe { signal(Signal::SIGCHLD, SigHandler::SigDfl) };
    }
}

/// Waits for threads that are about to end. Returns an error if other threads keep running.
fn refuse_other_threads() -> io::Result<()> {
    /// The longest wait for the kernel to remove a thread after its `join` has returned.
    const ENDING: Duration = Duration::from_secs(1);
    let start = Instant::now();
    while let other_threads @ 1.. = thread_count()?.saturating_sub(1) {
        if start.elapsed() > ENDING {
            let message =
                format!("{other_threads} other thread(s) are running; fork before you start any");
            return Err(io::Error::new(io::ErrorKind::Deadlock, message));
        }
        thread::yield_now();
    }
    Ok(())
}

/// The number of threads of this process, including this one.
fn thread_count() -> io::Result<u64> {
    // proc_pid_task(5) has a folder for each thread. Its link count is the number of these
    // folders plus two.
    match fs::metadata("/proc/self/task")?.nlink() {
        links @ 3.. => Ok(links - 2),
        _ => Err(io::Error::other(
            "/proc does not show the number of threads",
        )),
    }
}
