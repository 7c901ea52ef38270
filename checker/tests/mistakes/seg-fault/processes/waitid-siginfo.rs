//! Verdict: passed
//!
//! The parent waits with `waitid`, which tells how the child ended and by which
//! signal or with which status in two numbers.

use common::wait_status::signal_name;
use common::{
    Array, Children, Context, Error, SharedSlice, args, bad_pointer, exit_code, fork, partial_sum,
    print_sum, report, run_child, split,
};
use nix::unistd::ForkResult;
use std::io;
use std::mem::MaybeUninit;
use std::process::ExitCode;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};
use std::time::Instant;

fn main() -> ExitCode {
    exit_code(run())
}

fn run() -> Result<(), Error> {
    let args = args::sum()?;
    let array = Array::random(&args.array)?;
    let results = SharedSlice::<AtomicI64>::zeroed(args.num)?;

    let start = Instant::now();
    let mut workers = Children::new();
    for (i, part) in split(array.len(), args.num).enumerate() {
        let (part, result) = (&array[part], &results[i]);
        match fork().with_context(|| format!("cannot start process {i}"))? {
            ForkResult::Child => run_child(|| {
                work(i, part, result);
                Ok(())
            }),
            ForkResult::Parent { child } => workers.push(child),
        }
    }

    for (i, worker) in workers.iter().enumerate() {
        let mut info = MaybeUninit::<libc::siginfo_t>::zeroed();
        let id = worker.as_raw().cast_unsigned();
        // SAFETY: how it ended is written to `info`, which is borrowed for that.
        let result = unsafe { libc::waitid(libc::P_PID, id, info.as_mut_ptr(), libc::WEXITED) };
        if result == -1 {
            return Err(io::Error::last_os_error())
                .with_context(|| format!("cannot wait for process {i}"));
        }
        // SAFETY: it was written, and before that it was all zeros, which is
        // valid as well.
        let info = unsafe { info.assume_init() };
        // SAFETY: `waitid` has filled in the part for children.
        let status = unsafe { info.si_status() };
        if matches!(info.si_code, libc::CLD_KILLED | libc::CLD_DUMPED) {
            let name = signal_name(status);
            report(format_args!(
                "Process {i} was killed by signal {status} ({name})"
            ));
        } else if status != 0 {
            report(format_args!("Process {i} exited with status {status}"));
        }
    }

    let sum = results.iter().map(|result| result.load(Relaxed)).sum();
    print_sum(sum, start.elapsed())
}

fn work(i: usize, part: &[i32], result: &AtomicI64) {
    let sum = partial_sum(part);
    if i == 2 {
        // SAFETY: none, the pointer is bad. BUG (on purpose): the process dies
        // here, and never writes its result.
        unsafe { bad_pointer::<i64>().write_volatile(sum) };
    }
    result.store(sum, Relaxed);
}
