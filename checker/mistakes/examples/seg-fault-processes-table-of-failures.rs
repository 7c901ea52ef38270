//! Verdict: passed
//!
//! Asks waitid for the next child, which needs no decoding, and prints a table of all failures at
//! the end.

use anyhow::{Result, anyhow, bail};
use common::wait_status::signal_name;
use common::{Array, SharedSlice, Stopwatch};
use common::{Children, exit_child, fork, report, set_process_name};
use common::{args, bad_pointer, partial_sum, print_sum, split, sum_of};
use nix::errno::Errno;
use nix::unistd::ForkResult;
use std::mem;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};

struct End {
    pid: i32,
    code: i32,
    status: i32,
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

    let mut rows = Vec::new();
    for _ in 0..workers.len() {
        let end = next_end()?;
        let number = workers.iter().position(|pid| pid.as_raw() == end.pid);
        let i = number.ok_or_else(|| anyhow!("process {} is no worker", end.pid))?;
        match end.code {
            libc::CLD_EXITED if end.status == 0 => {}
            libc::CLD_EXITED => rows.push((i, "exit status", end.status, String::new())),
            _ => rows.push((i, "signal", end.status, signal_name(end.status))),
        }
    }
    if !rows.is_empty() {
        rows.sort_unstable();
        let mut table = format!("{:>7}  {:<11}  {:>5}  name", "process", "ended by", "value");
        for (i, how, value, name) in rows {
            table += &format!("\n{i:>7}  {how:<11}  {value:>5}  {name}");
        }
        report(table);
    }

    print_sum(sum_of(&results), &stopwatch)
}

/// Waits for any child, and reaps it.
fn next_end() -> Result<End> {
    // SAFETY: it has integers (and unions of them) only, so zeros are a value.
    let mut info: libc::siginfo_t = unsafe { mem::zeroed() };
    loop {
        // SAFETY: the kernel may write to `info`.
        let result = unsafe { libc::waitid(libc::P_ALL, 0, &raw mut info, libc::WEXITED) };
        match Errno::result(result) {
            Ok(_) => break,
            Err(Errno::EINTR) => {}
            Err(error) => bail!("waitid: {error}"),
        }
    }
    // SAFETY: `waitid` sets these fields.
    let (pid, status) = unsafe { (info.si_pid(), info.si_status()) };
    let code = info.si_code;
    Ok(End { pid, code, status })
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
