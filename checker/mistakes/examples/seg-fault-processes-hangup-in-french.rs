//! Verdict: passed
//!
//! Each worker holds the writing end of a pipe. `poll` shows which pipe has hung up; the parent
//! then waits for this worker, and reports in French.

use anyhow::{Result, ensure};
use common::wait_status::{signal_name, wexitstatus, wifsignaled, wtermsig};
use common::{Array, Children, SharedSlice, Stopwatch, args, bad_pointer, exit_child, fork};
use common::{partial_sum, print_sum, report, set_process_name, split, sum_of, waitpid};
use nix::unistd::ForkResult;
use std::io::{Error, ErrorKind, pipe};
use std::os::fd::AsRawFd;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};

fn main() -> Result<()> {
    let args = args::seg_fault();
    let array = Array::random(&args.array)?;
    let results = SharedSlice::<AtomicI64>::zeroed(args.num)?;
    allow_many_files();

    let stopwatch = Stopwatch::start();
    let mut workers = Children::new();
    let mut pipes = Vec::new();
    for (i, (part, result)) in split(&array, args.num).zip(&results).enumerate() {
        let (reader, writer) = pipe()?;
        match fork()? {
            ForkResult::Child => {
                set_process_name(&format!("worker {i}"));
                result.store(work(i, part), Relaxed);
                exit_child(0)
            }
            ForkResult::Parent { child } => workers.push(child),
        }
        // Now only this worker has the writing end, and it never writes to it.
        drop(writer);
        pipes.push(reader);
    }

    let events = libc::POLLIN;
    let mut polled: Vec<_> = (pipes.iter())
        .map(|pipe| libc::pollfd {
            fd: pipe.as_raw_fd(),
            events,
            revents: 0,
        })
        .collect();
    let mut running = args.num;
    while running > 0 {
        // SAFETY: the pointer and the length are those of the vector.
        let ready = unsafe { libc::poll(polled.as_mut_ptr(), polled.len() as libc::nfds_t, -1) };
        let error = Error::last_os_error();
        ensure!(
            ready >= 0 || error.kind() == ErrorKind::Interrupted,
            "poll: {error}"
        );
        if ready < 0 {
            continue;
        }
        for (i, pipe) in polled
            .iter_mut()
            .enumerate()
            .filter(|(_, pipe)| pipe.revents != 0)
        {
            pipe.fd = -1;
            running -= 1;
            let status = waitpid(workers[i])?;
            if wifsignaled(status) {
                let signal = wtermsig(status);
                let name = signal_name(signal);
                report(format!(
                    "Le processus {i} a été tué par le signal {signal} ({name})"
                ));
            } else if wexitstatus(status) != 0 {
                let code = wexitstatus(status);
                report(format!(
                    "Le processus {i} s'est terminé avec le statut {code}"
                ));
            }
        }
    }
    print_sum(sum_of(&results), &stopwatch)
}

/// One pipe for each of up to 1024 workers is more than the usual limit.
fn allow_many_files() {
    let mut limit = libc::rlimit {
        rlim_cur: 0,
        rlim_max: 0,
    };
    // SAFETY: both calls use `limit` only.
    unsafe {
        libc::getrlimit(libc::RLIMIT_NOFILE, &mut limit);
        limit.rlim_cur = limit.rlim_max;
        libc::setrlimit(libc::RLIMIT_NOFILE, &limit);
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
