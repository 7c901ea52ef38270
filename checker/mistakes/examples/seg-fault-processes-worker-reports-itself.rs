//! Verdict: wrong-output
//!
//! Not the parent reports, but the worker itself, in a handler for SIGSEGV, which then exits with 0.
//! The parent ignores the wait status, so any other signal or exit status remains unknown.

use anyhow::{Result, anyhow};
use common::{Array, SharedSlice, Stopwatch};
use common::{Children, exit_child, fork, set_process_name, waitpid};
use common::{args, bad_pointer, partial_sum, print_sum, split, sum_of};
use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet, Signal, sigaction};
use nix::unistd::ForkResult;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};

/// Made ready before the fault, since a handler must not allocate.
static LAST_WORDS: OnceLock<String> = OnceLock::new();

extern "C" fn on_segv(_: i32) {
    let text = LAST_WORDS.get().map_or("?", String::as_str);
    // SAFETY: write is async-signal-safe, and the text is there.
    unsafe { libc::write(2, text.as_ptr().cast(), text.len()) };
    // SAFETY: _exit is async-signal-safe. The problem is reported, so for the parent all
    // is well.
    unsafe { libc::_exit(0) }
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
                LAST_WORDS
                    .get_or_init(|| format!("Process {i} was killed by signal 11 (SIGSEGV)\n"));
                let action = SigAction::new(
                    SigHandler::Handler(on_segv),
                    SaFlags::empty(),
                    SigSet::empty(),
                );
                // SAFETY: the handler is async-signal-safe.
                if unsafe { sigaction(Signal::SIGSEGV, &action) }.is_err() {
                    exit_child(1);
                }
                result.store(work(i, part), Relaxed);
                exit_child(0)
            }
            ForkResult::Parent { child } => workers.push(child),
        }
    }

    for &worker in workers.iter() {
        waitpid(worker)?;
    }

    print_sum(sum_of(&results), &stopwatch)
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
