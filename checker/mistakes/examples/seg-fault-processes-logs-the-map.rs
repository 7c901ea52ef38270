//! Verdict: passed
//! It logs which process is which worker before it waits for any child.

use anyhow::{Result, anyhow};
use common::{Array, SharedSlice, Stopwatch};
use common::{Children, exit_child, fork, set_process_name};
use common::{args, bad_pointer, partial_sum, print_sum, split, sum_of};
use nix::unistd::ForkResult;
use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};

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

    // the pids, and which worker it was
    let mut numbers = HashMap::new();
    for (i, pid) in workers.iter().enumerate() {
        numbers.insert(pid.as_raw(), i);
    }
    eprintln!("{numbers:?}");

    while !numbers.is_empty() {
        let mut status = 0;
        // SAFETY: status is a local variable
        let pid = unsafe { libc::wait(&mut status) };
        if pid == -1 {
            let error = std::io::Error::last_os_error();
            if error.kind() == std::io::ErrorKind::Interrupted {
                continue;
            }
            return Err(anyhow!("wait: {error}"));
        }
        if let Some(i) = numbers.remove(&pid) {
            describe(i, status);
        }
    }

    // `Relaxed` was enough: `waitpid` has returned, so each child has ended.
    print_sum(sum_of(&results), &stopwatch)
}

fn describe(i: usize, status: i32) {
    if libc::WIFEXITED(status) {
        let code = libc::WEXITSTATUS(status);
        if code != 0 {
            eprintln!("worker {i} exited with code {code}");
        }
    } else if libc::WIFSIGNALED(status) {
        eprintln!("worker {i} terminated by signal {}", libc::WTERMSIG(status));
    }
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
