//! Verdict: passed
//!
//! Reaps the workers in the order in which they end, with waitid(P_ALL). At the end it prints one
//! JSON document to standard error, with an object for each worker that failed.

use anyhow::{Result, anyhow, ensure};
use common::wait_status::signal_name;
use common::{Array, Children, SharedSlice, Stopwatch, exit_child, fork, report, set_process_name};
use common::{args, bad_pointer, partial_sum, print_sum, split, sum_of};
use nix::unistd::ForkResult;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};
use std::{io, mem};

fn main() -> Result<()> {
    let args = args::seg_fault();
    let array = Array::random(&args.array)?;
    let results = SharedSlice::<AtomicI64>::zeroed(args.num)?;

    let stopwatch = Stopwatch::start();
    let mut children = Children::new();
    let mut running = BTreeMap::new();
    for (i, (part, result)) in split(&array, args.num).zip(&results).enumerate() {
        match fork().map_err(|error| anyhow!("cannot start process {i}: {error}"))? {
            ForkResult::Child => {
                set_process_name(&format!("worker {i}"));
                result.store(work(i, part), Relaxed);
                exit_child(0)
            }
            ForkResult::Parent { child } => {
                children.push(child);
                running.insert(child.as_raw(), i);
            }
        }
    }

    let mut failures = Vec::new();
    while !running.is_empty() {
        let info = next_end()?;
        // SAFETY: waitid has filled this field.
        let pid = unsafe { info.si_pid() };
        // SAFETY: and this one.
        let value = unsafe { info.si_status() };
        let Some(worker) = running.remove(&pid) else {
            continue;
        };
        match info.si_code {
            libc::CLD_EXITED if value == 0 => {}
            libc::CLD_EXITED => failures.push(format!(
                r#"{{"process": {worker}, "pid": {pid}, "reason": "exited", "status": {value}}}"#
            )),
            code => failures.push(format!(
                r#"{{"process": {worker}, "pid": {pid}, "reason": "killed by a signal", "signal": {value}, "name": "{}", "core": {}}}"#,
                signal_name(value),
                code == libc::CLD_DUMPED
            )),
        }
    }
    report(format!(r#"{{"failures": [{}]}}"#, failures.join(", ")));

    print_sum(sum_of(&results), &stopwatch)
}

/// Waits until any child has ended.
fn next_end() -> Result<libc::siginfo_t> {
    // SAFETY: all zeros is a valid siginfo_t.
    let mut info: libc::siginfo_t = unsafe { mem::zeroed() };
    loop {
        // SAFETY: the kernel fills `info`.
        if unsafe { libc::waitid(libc::P_ALL, 0, &raw mut info, libc::WEXITED) } == 0 {
            return Ok(info);
        }
        let error = io::Error::last_os_error();
        ensure!(
            error.kind() == io::ErrorKind::Interrupted,
            "waitid: {error}"
        );
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
