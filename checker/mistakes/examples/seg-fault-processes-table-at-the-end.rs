//! Verdict: passed
//! The parent takes its children as they end, in any order, and keeps their wait statuses.
//! At last it prints a table of the bad ones, in the order of the workers.

use anyhow::{Context, Result, anyhow};
use common::{Array, SharedSlice, Stopwatch};
use common::{Children, exit_child, fork, set_process_name};
use common::{args, bad_pointer, partial_sum, print_sum, split, sum_of};
use nix::unistd::ForkResult;
use std::collections::BTreeMap;
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

    let mut table = BTreeMap::new();
    for _ in 0..args.num {
        let mut status = 0;
        // SAFETY: the kernel writes to `status`, which is borrowed for that.
        let pid = unsafe { libc::wait(&raw mut status) };
        let i = workers.iter().position(|worker| worker.as_raw() == pid);
        table.insert(i.context("not one of the workers")?, status);
    }
    let mut text = String::new();
    for (i, status) in table.into_iter().filter(|&(_, status)| status != 0) {
        let [low, high, ..] = status.to_le_bytes();
        let (how, number) = match low & 0x7f {
            0 => ("status", high),
            signal => ("signal", signal),
        };
        text += &format!("| child {i:<4} | {how} | {number:>3} |\n");
    }
    eprint!("{text}");

    print_sum(sum_of(&results), &stopwatch)
}

fn work(i: usize, part: &[i32]) -> i64 {
    let sum = partial_sum(part);
    if i == 2 {
        // SAFETY: none, the pointer is bad. BUG (on purpose): the worker faults here.
        unsafe { bad_pointer::<i64>().write_volatile(sum) };
    }
    sum
}
