//! Verdict: passed
//!
//! A little shell: a SIGCHLD handler writes to a pipe, the main loop reads the pipe, reaps all that
//! have ended (waitpid -1, WNOHANG), and reports jobs in the layout of bash.

use anyhow::{Result, anyhow};
use common::wait_status::{signal_name, wexitstatus, wifsignaled, wtermsig};
use common::{Array, Children, SharedSlice, Stopwatch, exit_child, fork, report, set_process_name};
use common::{args, bad_pointer, partial_sum, print_sum, split, sum_of};
use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet, Signal, sigaction};
use nix::unistd::ForkResult;
use std::ffi::CStr;
use std::io::{Read, pipe};
use std::os::fd::AsRawFd;
use std::sync::atomic::{AtomicI32, AtomicI64, Ordering::Relaxed};

static BELL: AtomicI32 = AtomicI32::new(-1);

extern "C" fn on_sigchld(_: i32) {
    // SAFETY: write is async-signal-safe.
    unsafe { libc::write(BELL.load(Relaxed), b"!".as_ptr().cast(), 1) };
}

fn main() -> Result<()> {
    let args = args::seg_fault();
    let array = Array::random(&args.array)?;
    let results = SharedSlice::<AtomicI64>::zeroed(args.num)?;

    let stopwatch = Stopwatch::start();
    let mut workers = Children::new();
    for (i, (part, result)) in split(&array, args.num).zip(&results).enumerate() {
        match fork().map_err(|error| anyhow!("cannot start process {i}: {error}"))? {
            ForkResult::Child => {
                set_process_name(&format!("worker {i}"));
                result.store(work(i, part), Relaxed);
                exit_child(0)
            }
            ForkResult::Parent { child } => workers.push(child),
        }
    }

    let (mut listen, ring) = pipe()?;
    BELL.store(ring.as_raw_fd(), Relaxed);
    // Only now: `fork` of common resets the handler.
    let handler = SigHandler::Handler(on_sigchld);
    let action = SigAction::new(
        handler,
        SaFlags::SA_RESTART | SaFlags::SA_NOCLDSTOP,
        SigSet::empty(),
    );
    // SAFETY: the handler is async-signal-safe.
    unsafe { sigaction(Signal::SIGCHLD, &action) }?;
    on_sigchld(0); // for those that have ended before

    let mut left = workers.len();
    while left > 0 {
        listen.read_exact(&mut [0])?;
        loop {
            let mut status = 0;
            // SAFETY: the kernel writes to `status`.
            let pid = unsafe { libc::waitpid(-1, &raw mut status, libc::WNOHANG) };
            if pid <= 0 {
                break;
            }
            let job = workers.iter().position(|worker| worker.as_raw() == pid);
            let job = job.ok_or_else(|| anyhow!("{pid} is no job"))?;
            left -= 1;
            if status != 0 {
                report(format!(
                    "[{job}]  {pid} {:<42} worker {job}",
                    describe(status)
                ));
            }
        }
    }

    print_sum(sum_of(&results), &stopwatch)
}

fn describe(status: i32) -> String {
    if !wifsignaled(status) {
        return format!("Exit {}", wexitstatus(status));
    }
    let signal = wtermsig(status);
    // SAFETY: there is no other thread.
    let text = unsafe { libc::strsignal(signal) };
    // SAFETY: strsignal returns a C string.
    let text = unsafe { CStr::from_ptr(text) };
    format!(
        "{} (signal {signal}, {})",
        text.to_string_lossy(),
        signal_name(signal)
    )
}

fn work(i: usize, part: &[i32]) -> i64 {
    let sum = partial_sum(part);
    if i == 2 {
        // SAFETY: none, the pointer is bad. BUG (on purpose): the worker faults here,
        // and never returns its sum.
        unsafe { bad_pointer::<i64>().write_volatile(sum) };
    }
    sum
}
