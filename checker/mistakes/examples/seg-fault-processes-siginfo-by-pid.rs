//! Verdict: passed
//! The parent waits with `waitid`, whose answer has the kind of the end and the number in
//! two fields. The report names the child by its pid, in lower case.

use anyhow::{Result, anyhow, ensure};
use common::wait_status::signal_name;
use common::{Array, SharedSlice, Stopwatch};
use common::{Children, exit_child, fork, set_process_name};
use common::{args, bad_pointer, partial_sum, print_sum, split, sum_of};
use nix::unistd::ForkResult;
use std::mem;
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

    for &worker in workers.iter() {
        let id = u32::try_from(worker.as_raw())?;
        // SAFETY: all bytes zero are a valid value of this struct.
        let mut info: libc::siginfo_t = unsafe { mem::zeroed() };
        // SAFETY: the kernel writes to `info`, which is borrowed for that.
        let result = unsafe { libc::waitid(libc::P_PID, id, &raw mut info, libc::WEXITED) };
        ensure!(result == 0, "cannot wait for process {id}");
        // SAFETY: `waitid` has filled in the fields for SIGCHLD.
        let value = unsafe { info.si_status() };
        match info.si_code {
            libc::CLD_EXITED if value == 0 => {}
            libc::CLD_EXITED => eprintln!("pid {id}: exit status {value}"),
            _ => eprintln!("pid {id}: {}", signal_name(value).to_lowercase()),
        }
    }

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
