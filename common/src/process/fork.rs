//! The birth of a child, and its end.

use crate::{Error, exit_code};
use nix::sys::prctl;
use nix::sys::signal::{SigHandler, Signal, signal};
use nix::unistd::{self, ForkResult, getpid, getppid};
use std::io::{self, Write};
use std::os::unix::fs::MetadataExt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};
use std::{fs, thread};

/// Forks the process, `fork(2)`: returns once in the parent and once in the
/// child.
///
/// The child is killed when its parent dies, `PR_SET_PDEATHSIG`. Let it end by
/// [`run_child`].
///
/// # Errors
///
/// `EAGAIN` when there are too many processes, `ENOMEM` when the kernel has no
/// memory for another one. [`io::ErrorKind::Deadlock`] when another thread is
/// alive: the child would have no such thread, but the locks that it holds.
pub fn fork() -> io::Result<ForkResult> {
    refuse_other_threads()?;
    // What is buffered now, both processes would write.
    io::stdout().flush()?;
    // Whoever started the program may ignore SIGCHLD. That is inherited, and
    // would leave nothing to wait for: waitpid(2), notes.
    // SAFETY: no handler is installed.
    unsafe { signal(Signal::SIGCHLD, SigHandler::SigDfl) }?;
    let parent = getpid();
    // SAFETY: this is the only thread, so the child is a complete copy of the
    // process and may do whatever its parent might.
    let result = unsafe { unistd::fork() }?;
    if let ForkResult::Child = result {
        // Fails for invalid signals only.
        let _ = prctl::set_pdeathsig(Signal::SIGKILL);
        if getppid() != parent {
            // It died before it could be asked for.
            exit(1);
        }
    }
    Ok(result)
}

/// Runs `work` in a forked child and ends it with `_exit(2)`: exit status 0
/// when `work` went well, 1 when it failed (the reason goes to standard error),
/// 101 when it panicked.
///
/// It never returns: nothing that the parent would do after its `fork` is done
/// by the child a second time, and nothing that belongs to the parent is
/// dropped or flushed.
pub fn run_child(work: impl FnOnce() -> Result<(), Error>) -> ! {
    // Whatever the panic left half-done is gone with the process.
    let exit_status = match catch_unwind(AssertUnwindSafe(work)) {
        Ok(Ok(())) => 0,
        Ok(failed) => {
            let _ = exit_code(failed);
            1
        }
        // The status of any Rust program that panics.
        Err(_) => 101,
    };
    // The buffer was empty at the `fork`, so what it holds is the child's own.
    let _ = io::stdout().flush();
    exit(exit_status)
}

fn exit(status: i32) -> ! {
    // SAFETY: it ends the process at once, without using anything of it.
    unsafe { libc::_exit(status) }
}

/// Waits for threads that are just ending, and refuses those that are not.
fn refuse_other_threads() -> io::Result<()> {
    /// A thread that was joined is about to vanish: the kernel reports its end
    /// a moment before it is through with it.
    const ENDING: Duration = Duration::from_secs(1);
    let start = Instant::now();
    while let other_threads @ 1.. = thread_count()?.saturating_sub(1) {
        if start.elapsed() > ENDING {
            return Err(io::Error::new(
                io::ErrorKind::Deadlock,
                format!("{other_threads} other thread(s) are running; fork before you start any"),
            ));
        }
        thread::yield_now();
    }
    Ok(())
}

/// The number of threads of this process, this one included.
fn thread_count() -> io::Result<u64> {
    // proc_pid_task(5) holds a folder for each thread, and a folder has as many
    // links as it has sub-folders, and two of its own.
    match fs::metadata("/proc/self/task")?.nlink() {
        links @ 3.. => Ok(links - 2),
        _ => Err(io::Error::other(
            "/proc does not tell the number of threads",
        )),
    }
}
