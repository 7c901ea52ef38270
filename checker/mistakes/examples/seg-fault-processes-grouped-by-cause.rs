//! Verdict: passed
//!
//! Functional: folds the wait statuses into a map from the cause to its victims, and reports all
//! in a single line: `Processes 2 and 5 were killed by signal 11 (SIGSEGV); process 3 exited ...`

use anyhow::{Result, anyhow};
use common::wait_status::{signal_name, wexitstatus, wifsignaled, wtermsig};
use common::{Array, SharedSlice, Stopwatch, report};
use common::{Children, exit_child, fork, set_process_name, waitpid};
use common::{args, bad_pointer, partial_sum, print_sum, split, sum_of};
use nix::unistd::ForkResult;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Cause {
    Signal(i32),
    Status(i32),
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

    let statuses = workers
        .iter()
        .map(|&pid| waitpid(pid))
        .collect::<Result<Vec<_>, _>>()?;
    let causes = statuses
        .into_iter()
        .map(cause)
        .enumerate()
        .filter_map(|(i, cause)| cause.map(|cause| (cause, i)))
        .fold(
            BTreeMap::<Cause, Vec<usize>>::new(),
            |mut map, (cause, i)| {
                map.entry(cause).or_default().push(i);
                map
            },
        );
    if !causes.is_empty() {
        let clauses = causes
            .iter()
            .map(|(cause, who)| clause(cause, who))
            .collect::<Vec<_>>();
        report(format!("{}.", clauses.join("; ")));
    }

    print_sum(sum_of(&results), &stopwatch)
}

fn cause(status: i32) -> Option<Cause> {
    match (wifsignaled(status), wexitstatus(status)) {
        (true, _) => Some(Cause::Signal(wtermsig(status))),
        (false, 0) => None,
        (false, exit_status) => Some(Cause::Status(exit_status)),
    }
}

fn clause(cause: &Cause, who: &[usize]) -> String {
    let numbers = who.iter().map(usize::to_string).collect::<Vec<_>>();
    let (subject, was) = match numbers.as_slice() {
        [one] => (format!("Process {one}"), "was"),
        [first @ .., last] => (format!("Processes {} and {last}", first.join(", ")), "were"),
        [] => return String::new(),
    };
    match *cause {
        Cause::Signal(signal) => {
            format!(
                "{subject} {was} killed by signal {signal} ({})",
                signal_name(signal)
            )
        }
        Cause::Status(exit_status) => format!("{subject} exited with status {exit_status}"),
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
