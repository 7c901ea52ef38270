//! Verdict: passed
//!
//! A futex mutex (Drepper, "Futexes are tricky", mutex 2), taken once for 64 increments, and a
//! waitid loop.

use anyhow::{Result, anyhow, ensure};
use common::{SharedSlice, Stopwatch, args, exit_child, fork, print_counter, set_process_name};
use nix::unistd::ForkResult;
use std::io;
use std::mem::MaybeUninit;
use std::ptr::null;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering::*};

/// 0: free, 1: taken, 2: taken, and a task may be waiting.
struct Futex<'a>(&'a AtomicU32);

impl Futex<'_> {
    fn lock(&self) {
        if self.0.compare_exchange(0, 1, Acquire, Relaxed).is_ok() {
            return;
        }
        while self.0.swap(2, Acquire) != 0 {
            // SAFETY: the address is valid. Without PRIVATE, as other processes wake us.
            unsafe {
                libc::syscall(
                    libc::SYS_futex,
                    self.0.as_ptr(),
                    libc::FUTEX_WAIT,
                    2,
                    null::<libc::timespec>(),
                )
            };
        }
    }

    fn unlock(&self) {
        if self.0.swap(0, Release) == 2 {
            // SAFETY: as above.
            unsafe { libc::syscall(libc::SYS_futex, self.0.as_ptr(), libc::FUTEX_WAKE, 1) };
        }
    }
}

fn main() -> Result<()> {
    let args = args::counter();
    let shared = SharedSlice::<AtomicU64>::zeroed(1)?;
    let counter = &shared[0];
    let words = SharedSlice::<AtomicU32>::zeroed(1)?;
    let futex = Futex(&words[0]);

    let stopwatch = Stopwatch::start();
    for i in 0..args.num {
        match fork().map_err(|error| anyhow!("cannot start process {i}: {error}"))? {
            ForkResult::Child => {
                set_process_name(&format!("worker {i}"));
                if args.is_atomic {
                    for _ in 0..args.increments {
                        counter.fetch_add(1, Relaxed);
                    }
                } else {
                    let mut done = 0;
                    while done < args.increments {
                        futex.lock();
                        for _ in 0..64.min(args.increments - done) {
                            counter.store(counter.load(Relaxed) + 1, Relaxed);
                            done += 1;
                        }
                        futex.unlock();
                    }
                }
                exit_child(0)
            }
            ForkResult::Parent { .. } => {}
        }
    }

    let mut left = args.num;
    while left > 0 {
        let mut info = MaybeUninit::<libc::siginfo_t>::zeroed();
        // SAFETY: the kernel writes to `info`.
        let result = unsafe { libc::waitid(libc::P_ALL, 0, info.as_mut_ptr(), libc::WEXITED) };
        if result != 0 {
            let error = io::Error::last_os_error();
            ensure!(
                error.kind() == io::ErrorKind::Interrupted,
                "waitid: {error}"
            );
            continue;
        }
        // SAFETY: written by the kernel.
        let info = unsafe { info.assume_init() };
        // SAFETY: waitid sets these fields.
        let (pid, status) = unsafe { (info.si_pid(), info.si_status()) };
        ensure!(
            info.si_code == libc::CLD_EXITED && status == 0,
            "process {pid} failed: {status}"
        );
        left -= 1;
    }

    print_counter(counter.load(Relaxed), &stopwatch)
}
