//! Verdict: passed
//!
//! By a student of literature: whole sentences in own words. "Worker number 2, the third of 4,
//! was terminated by SIGSEGV ..." Collects them, and speaks when all workers have ended.

use anyhow::{Result, anyhow};
use common::wait_status::{signal_name, wexitstatus, wifsignaled, wtermsig};
use common::{Array, SharedSlice, Stopwatch, report};
use common::{Children, exit_child, fork, set_process_name, waitpid};
use common::{args, bad_pointer, partial_sum, print_sum, split, sum_of};
use nix::unistd::ForkResult;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};

const ORDINALS: [&str; 6] = ["first", "second", "third", "fourth", "fifth", "sixth"];

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

    let mut story = Vec::new();
    for (i, &worker) in workers.iter().enumerate() {
        let status = waitpid(worker)?;
        let ordinal = ORDINALS.get(i).copied().unwrap_or("umpteenth");
        let hero = format!("Worker number {i}, the {ordinal} of {}", args.num);
        if wifsignaled(status) {
            let (signal, name) = (wtermsig(status), signal_name(wtermsig(status)));
            story.push(format!(
                "{hero}, was terminated by {name}, which is signal number {signal}, \
                 and took its part of the sum to the grave."
            ));
        } else if wexitstatus(status) != 0 {
            let code = wexitstatus(status);
            story.push(format!(
                "{hero}, ended its life by itself, with the exit status {code}."
            ));
        }
    }
    match story.len() {
        0 => report("They all lived happily ever after."),
        _ => report(story.join("\n")),
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
