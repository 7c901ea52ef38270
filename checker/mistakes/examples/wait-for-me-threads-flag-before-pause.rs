//! Verdict: timed-out
//!
//! The thread sends a signal when it is done. If the signal comes between the look at the flag and
//! `pause`, no later signal ends `pause`.

use anyhow::{Result, anyhow};
use common::args;
use common::pace::{print_slowly, work_a_little};
use nix::sys::pthread::{pthread_kill, pthread_self};
use nix::sys::signal::{SigHandler, Signal, signal};
use nix::unistd::pause;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering::Relaxed};
use std::thread;

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];
static IS_DONE: AtomicBool = AtomicBool::new(false);

extern "C" fn note_the_end(_: i32) {
    IS_DONE.store(true, Relaxed);
}

fn main() -> Result<()> {
    args::none();
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }
    // SAFETY: the handler only stores to an atomic.
    unsafe { signal(Signal::SIGUSR1, SigHandler::Handler(note_the_end)) }?;
    let main = pthread_self();
    let negator = thread::spawn(move || {
        negate_numbers();
        pthread_kill(main, Signal::SIGUSR1)
    });
    while !IS_DONE.load(Relaxed) {
        pause();
    }
    negator
        .join()
        .map_err(|_| anyhow!("the thread panicked"))??;
    print_slowly(&NUMBERS)
}

fn negate_numbers() {
    for number in NUMBERS.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}
