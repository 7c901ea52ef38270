//! Verdict: passed
//! The worker sends the signal SIGUSR2 to the main thread with `pthread_kill` when it has
//! finished. Main has blocked the signal before, and takes it with `sigwait`.

use anyhow::{Result, ensure};
use common::args;
use common::pace::{print_slowly, work_a_little};
use nix::sys::signal::{SigSet, Signal};
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::thread;

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }

    let mut signals = SigSet::empty();
    signals.add(Signal::SIGUSR2);
    signals.thread_block()?;

    // SAFETY: the call only returns the handle of this thread.
    let main_thread = unsafe { libc::pthread_self() };
    thread::spawn(move || {
        for number in NUMBERS.iter().rev() {
            number.store(-number.load(Relaxed), Relaxed);
            work_a_little();
        }
        // SAFETY: the main thread waits for this signal, so it has not ended.
        unsafe { libc::pthread_kill(main_thread, libc::SIGUSR2) }
    });

    let signal = signals.wait()?;
    ensure!(signal == Signal::SIGUSR2, "an unexpected {signal}");
    print_slowly(&NUMBERS)
}
