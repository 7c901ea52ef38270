//! Verdict: passed
//!
//! Creates the workers with the system call clone, waits with wait4, and prints a table of all
//! workers to standard error: pid, CPU time, outcome. Decodes the status by itself.

use anyhow::{Result, ensure};
use common::{Array, SharedSlice, Stopwatch, report};
use common::{
    args, bad_pointer, exit_child, partial_sum, print_sum, set_process_name, split, sum_of,
};
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};
use std::{io, mem};

fn main() -> Result<()> {
    let args = args::seg_fault();
    let array = Array::random(&args.array)?;
    let results = SharedSlice::<AtomicI64>::zeroed(args.num)?;

    let stopwatch = Stopwatch::start();
    let mut pids = Vec::new();
    for (i, (part, result)) in split(&array, args.num).zip(&results).enumerate() {
        // SAFETY: without flags and without a stack it is a fork.
        let pid = unsafe { libc::syscall(libc::SYS_clone, libc::SIGCHLD, 0, 0, 0, 0) };
        ensure!(
            pid >= 0,
            "clone of worker {i}: {}",
            io::Error::last_os_error()
        );
        if pid == 0 {
            set_process_name(&format!("worker {i}"));
            result.store(work(i, part), Relaxed);
            exit_child(0);
        }
        pids.push(i32::try_from(pid)?);
    }

    let mut table = String::from("worker |     pid |  CPU ms | outcome\n");
    table += "-------+---------+---------+------------------------------\n";
    for (i, &pid) in pids.iter().enumerate() {
        let (status, ms) = wait4(pid)?;
        table += &format!("{i:6} | {pid:7} | {ms:7} | {}\n", outcome(status));
    }
    report(table.trim_end());

    print_sum(sum_of(&results), &stopwatch)
}

fn wait4(pid: i32) -> Result<(i32, i64)> {
    let mut status = 0;
    // SAFETY: all zeros is a valid rusage.
    let mut usage: libc::rusage = unsafe { mem::zeroed() };
    loop {
        // SAFETY: the kernel writes to both.
        if unsafe { libc::wait4(pid, &raw mut status, 0, &raw mut usage) } == pid {
            break;
        }
        let error = io::Error::last_os_error();
        ensure!(error.raw_os_error() == Some(libc::EINTR), "wait4: {error}");
    }
    let ms = |time: libc::timeval| time.tv_sec * 1000 + time.tv_usec / 1000;
    Ok((status, ms(usage.ru_utime) + ms(usage.ru_stime)))
}

fn outcome(status: i32) -> String {
    let [low, high, ..] = status.to_le_bytes();
    match (low & 0x7f, high) {
        (0, 0) => "ok".into(),
        (0, code) => format!("exit status {code}"),
        (signal, _) => {
            let name = common::wait_status::signal_name(signal.into());
            let core = if low & 0x80 != 0 { " + core" } else { "" };
            format!("killed, {name} (signal {signal}){core}")
        }
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
