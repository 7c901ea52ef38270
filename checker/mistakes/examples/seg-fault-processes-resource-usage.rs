//! Verdict: passed
//! A line for each worker, with its times, page faults and memory beside its end.

use anyhow::{Result, anyhow};
use common::{Array, SharedSlice, Stopwatch};
use common::{Children, exit_child, fork, set_process_name};
use common::{args, bad_pointer, partial_sum, print_sum, split, sum_of};
use nix::unistd::ForkResult;
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

    for (i, worker) in workers.iter().enumerate() {
        let mut status = 0;
        // SAFETY: `rusage` is plain numbers.
        let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
        // SAFETY: the kernel writes to the two borrowed variables.
        let pid = unsafe { libc::wait4(worker.as_raw(), &raw mut status, 0, &raw mut usage) };
        if pid < 0 {
            return Err(anyhow!("wait4: {}", std::io::Error::last_os_error()));
        }
        let end = if libc::WIFEXITED(status) {
            match libc::WEXITSTATUS(status) {
                0 => "ok".into(),
                code => format!("FAILED, exit code {code}"),
            }
        } else {
            format!("KILLED by signal {}", libc::WTERMSIG(status))
        };
        eprintln!(
            "worker {i}: {end} [cpu {} us, {} kB, {} minor and {} major faults, {} switches]",
            usage.ru_utime.tv_usec,
            usage.ru_maxrss,
            usage.ru_minflt,
            usage.ru_majflt,
            usage.ru_nvcsw
        );
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
