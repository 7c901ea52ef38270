//! Verdict: passed
//!
//! The workers are one process group, and `waitid` with P_PGID waits for its members, in the order
//! of their ends. The report is in Spanish.

use anyhow::{Result, bail};
use common::wait_status::signal_name;
use common::{Array, Children, SharedSlice, Stopwatch, args, bad_pointer, exit_child, fork};
use common::{partial_sum, print_sum, report, set_process_name, split, sum_of};
use nix::errno::Errno;
use nix::unistd::{ForkResult, Pid, setpgid};
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};

fn main() -> Result<()> {
    let args = args::seg_fault();
    let array = Array::random(&args.array)?;
    let results = SharedSlice::<AtomicI64>::zeroed(args.num)?;

    let stopwatch = Stopwatch::start();
    let mut workers = Children::new();
    for (i, (part, result)) in split(&array, args.num).zip(&results).enumerate() {
        match fork()? {
            ForkResult::Child => {
                set_process_name(&format!("worker {i}"));
                result.store(work(i, part), Relaxed);
                exit_child(0)
            }
            ForkResult::Parent { child } => {
                workers.push(child);
                // The first worker leads the group. It stays, if only as a zombie, until all
                // others have joined the group.
                setpgid(child, workers[0])?;
            }
        }
    }

    for _ in 0..args.num {
        let (pid, code, value) = next_end(workers[0])?;
        let Some(i) = workers.iter().position(|&worker| worker == pid) else {
            bail!("process {pid} is no worker");
        };
        match (code, value) {
            (libc::CLD_EXITED, 0) => {}
            (libc::CLD_EXITED, status) => {
                report(format!(
                    "Proceso {i}: terminó con el estado de salida {status}"
                ));
            }
            (_, signal) => {
                let name = signal_name(signal);
                report(format!("Proceso {i}: lo mató la señal {signal} ({name})"));
            }
        }
    }
    print_sum(sum_of(&results), &stopwatch)
}

/// The next member of the group that ends: its id, `si_code` and `si_status`.
fn next_end(group: Pid) -> Result<(Pid, i32, i32)> {
    let id = group.as_raw().cast_unsigned();
    loop {
        // SAFETY: a siginfo_t may be all zeros, the kernel fills it, and the fields are those
        // of SIGCHLD.
        let (result, pid, code, value) = unsafe {
            let mut info: libc::siginfo_t = std::mem::zeroed();
            let result = libc::waitid(libc::P_PGID, id, &mut info, libc::WEXITED);
            (result, info.si_pid(), info.si_code, info.si_status())
        };
        match Errno::result(result) {
            Ok(_) => return Ok((Pid::from_raw(pid), code, value)),
            Err(Errno::EINTR) => {}
            Err(error) => bail!("waitid: {error}"),
        }
    }
}

fn work(i: usize, part: &[i32]) -> i64 {
    let sum = partial_sum(part);
    if i == 2 {
        // SAFETY: none. BUG (on purpose): the worker faults here.
        unsafe { bad_pointer::<i64>().write_volatile(sum) };
    }
    sum
}
