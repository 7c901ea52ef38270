//! Verdict: passed
//!
//! After the forks, a thread for each worker waits for it and sends the end through a channel. The
//! main thread collects the ends, sorts them, and writes whole sentences about the bad ones.

use anyhow::{Result, anyhow};
use common::{Array, SharedSlice, Stopwatch, WaitStatus, report};
use common::{Children, exit_child, fork, set_process_name, waitpid};
use common::{args, bad_pointer, partial_sum, print_sum, split, sum_of};
use nix::unistd::ForkResult;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};
use std::sync::mpsc;
use std::thread;

struct Obituary {
    number: usize,
    cause: std::io::Result<i32>,
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

    // No fork from here on, so threads are allowed.
    let (send, obituaries) = mpsc::channel();
    for (number, &pid) in workers.iter().enumerate() {
        let send = send.clone();
        thread::spawn(move || {
            let cause = waitpid(pid);
            let _ = send.send(Obituary { number, cause });
        });
    }
    drop(send);

    let mut obituaries: Vec<_> = obituaries.iter().collect();
    obituaries.sort_by_key(|obituary| obituary.number);
    for Obituary { number, cause } in obituaries {
        match WaitStatus::from_raw(cause?) {
            WaitStatus::Exited { exit_status: 0 } => {}
            WaitStatus::Exited { exit_status } => report(format!(
                "We regret that worker process no. {number} left us on its own, with exit status {exit_status}."
            )),
            WaitStatus::Signaled { signal, .. } => report(format!(
                "We regret that worker process no. {number} died from signal no. {signal}, known as {}.",
                common::wait_status::signal_name(signal)
            )),
            other => report(format!(
                "Worker process no. {number} {other}, and this is odd."
            )),
        }
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
