//! Verdict: did-not-wait
//!
//! Waits for the thread with `waitpid`, as if it were a child process. That fails at once
//! (`ECHILD`). `main` ignores it, and tries again a fixed number of times.

use anyhow::Result;
use common::args;
use common::pace::{print_slowly, work_a_little};
use nix::sys::wait::{WaitPidFlag, waitpid};
use nix::unistd::gettid;
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::sync::mpsc;
use std::thread;

/// The numbers are atomic, because two threads use them at the same time.
static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }

    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let _ = sender.send(gettid());
        negate_numbers();
    });

    let thread_id = receiver.recv()?;
    for _ in 0..2_500 {
        if waitpid(thread_id, Some(WaitPidFlag::__WALL)).is_ok() {
            break;
        }
        work_a_little();
    }

    print_slowly(&NUMBERS)
}

fn negate_numbers() {
    for number in NUMBERS.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}
