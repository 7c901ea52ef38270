//! Verdict: passed
//!
//! Python-like: a dict from pid to number, `os.wait()` in a loop. Each end is a step of progress,
//! `[3/4] process 2 crashed ...`, in the order of the ends, and the last line counts them.

use anyhow::{Result, anyhow, bail};
use common::wait_status::{signal_name, wexitstatus, wifsignaled, wtermsig};
use common::{Array, SharedSlice, Stopwatch, report};
use common::{Children, exit_child, fork, set_process_name};
use common::{args, bad_pointer, partial_sum, print_sum, split, sum_of};
use nix::unistd::ForkResult;
use std::collections::HashMap;
use std::io;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};

fn main() -> Result<()> {
    let args = args::seg_fault();
    let array = Array::random(&args.array)?;
    let results = SharedSlice::<AtomicI64>::zeroed(args.num)?;

    let stopwatch = Stopwatch::start();
    let mut children = Children::new();
    let mut number_of = HashMap::new();
    for (i, (part, result)) in split(&array, args.num).zip(&results).enumerate() {
        match fork().map_err(|error| anyhow!("cannot start process {i}: {error}"))? {
            ForkResult::Child => {
                set_process_name(&format!("worker {i}"));
                result.store(work(i, part), Relaxed);
                exit_child(0)
            }
            ForkResult::Parent { child } => {
                number_of.insert(child.as_raw(), i);
                children.push(child);
            }
        }
    }

    let total = number_of.len();
    let (mut crashed, mut failed) = (0, 0);
    while !number_of.is_empty() {
        let (pid, status) = os_wait()?;
        let Some(i) = number_of.remove(&pid) else {
            bail!("{pid} is none of my children");
        };
        let step = total - number_of.len();
        if wifsignaled(status) {
            crashed += 1;
            let signal = wtermsig(status);
            report(format!(
                "[{step}/{total}] process {i} crashed: {}, signal {signal}",
                signal_name(signal)
            ));
        } else if wexitstatus(status) != 0 {
            failed += 1;
            report(format!(
                "[{step}/{total}] process {i} returned exit status {}",
                wexitstatus(status)
            ));
        } else {
            report(format!("[{step}/{total}] process {i} has finished"));
        }
    }
    report(format!(
        "Summary: {crashed} of {total} processes crashed, {failed} failed with a status"
    ));

    print_sum(sum_of(&results), &stopwatch)
}

fn os_wait() -> io::Result<(i32, i32)> {
    let mut status = 0;
    // SAFETY: the kernel writes to `status`.
    match unsafe { libc::wait(&raw mut status) } {
        -1 => Err(io::Error::last_os_error()),
        pid => Ok((pid, status)),
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
