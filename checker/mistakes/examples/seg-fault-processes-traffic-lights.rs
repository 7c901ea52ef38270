//! Verdict: passed
//!
//! Colours by escape codes, always, even inside of the numbers' lines: a green tick for a worker
//! that is fine, a red cross for one that died of a signal, a yellow one for a bad exit status.

use anyhow::{Result, anyhow};
use common::wait_status::{signal_name, wexitstatus, wifexited, wtermsig};
use common::{Array, SharedSlice, Stopwatch, report};
use common::{Children, exit_child, fork, set_process_name, waitpid};
use common::{args, bad_pointer, partial_sum, print_sum, split, sum_of};
use nix::unistd::ForkResult;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};

const RED: &str = "\x1b[1;31m";
const GREEN: &str = "\x1b[32m";
const YELLOW: &str = "\x1b[38;5;214m";
const BOLD: &str = "\x1b[1m";
const DIM: &str = "\x1b[2m";
const OFF: &str = "\x1b[0m";

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

    for (i, &worker) in workers.iter().enumerate() {
        let status = waitpid(worker)?;
        let who = format!("worker {BOLD}{i}{OFF} {DIM}[pid {worker}]{OFF}");
        if !wifexited(status) {
            let (number, name) = (wtermsig(status), signal_name(wtermsig(status)));
            report(format!(
                "{RED}✘{OFF} {who} died of {RED}{name}{OFF} (signal {number})"
            ));
        } else if wexitstatus(status) > 0 {
            let code = wexitstatus(status);
            report(format!(
                "{YELLOW}✘{OFF} {who} gave up with exit status {YELLOW}{code}{OFF}"
            ));
        } else {
            report(format!("{GREEN}✔{OFF} {who}"));
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
