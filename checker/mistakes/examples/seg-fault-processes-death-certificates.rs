//! Verdict: passed
//!
//! Java-like: a Coroner with a CertificateFactory. Each victim gets a numbered form of several
//! lines on standard error, with its process number, its pid, and the cause in words.

use anyhow::{Result, anyhow};
use common::wait_status::signal_name;
use common::{Array, SharedSlice, Stopwatch, WaitStatus, report};
use common::{Children, exit_child, fork, set_process_name, waitpid};
use common::{args, bad_pointer, partial_sum, print_sum, split, sum_of};
use nix::unistd::{ForkResult, Pid};
use std::ffi::CStr;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};

trait CertificateFactory {
    fn create(&self, serial: usize, process: usize, pid: Pid, cause: &str) -> String;
}

struct BoxedCertificateFactory;

impl CertificateFactory for BoxedCertificateFactory {
    fn create(&self, serial: usize, process: usize, pid: Pid, cause: &str) -> String {
        format!(
            "+--- Certificate no. {serial} ---\n\
             | Process ........ {process}\n\
             | Known to kernel  {pid}\n\
             | Cause of end ... {cause}\n\
             +----------------------"
        )
    }
}

struct Coroner {
    factory: Box<dyn CertificateFactory>,
    issued: usize,
}

impl Coroner {
    fn examine(&mut self, process: usize, pid: Pid) -> Result<()> {
        let cause = match WaitStatus::from_raw(waitpid(pid)?) {
            WaitStatus::Exited { exit_status: 0 } => return Ok(()),
            WaitStatus::Exited { exit_status } => {
                format!("natural, with exit status {exit_status}")
            }
            WaitStatus::Signaled { signal, .. } => {
                let (name, words) = (signal_name(signal), in_words(signal));
                format!("signal {signal}\n|                  {name}: {words}")
            }
            other => other.to_string(),
        };
        self.issued += 1;
        report(self.factory.create(self.issued, process, pid, &cause));
        Ok(())
    }
}

fn in_words(signal: i32) -> String {
    // SAFETY: this process has a single thread.
    let text = unsafe { libc::strsignal(signal) };
    // SAFETY: strsignal returns a string for every number.
    let text = unsafe { CStr::from_ptr(text) };
    text.to_string_lossy().into_owned()
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

    let mut coroner = Coroner {
        factory: Box::new(BoxedCertificateFactory),
        issued: 0,
    };
    for (i, &worker) in workers.iter().enumerate() {
        coroner.examine(i, worker)?;
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
