//! Verdict: did-not-wait
//!
//! The program waits for a signal that a timer sends after two seconds.

use anyhow::Result;
use common::args;
use common::pace::{print_slowly, work_a_little};
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::thread;

static NUMBERS: [AtomicI32; 400] = [const { AtomicI32::new(0) }; 400];

fn set_numbers() {
    for (number, value) in NUMBERS.iter().zip(1..) {
        number.store(value, Relaxed);
    }
}

fn negate_numbers() {
    for number in NUMBERS.iter().rev() {
        number.store(-number.load(Relaxed), Relaxed);
        work_a_little();
    }
}

extern "C" fn do_nothing(_: i32) {}

fn main() -> Result<()> {
    args::none();
    set_numbers();
    thread::spawn(negate_numbers);
    let handler: extern "C" fn(i32) = do_nothing;
    // SAFETY: the handler does nothing.
    unsafe { libc::signal(libc::SIGALRM, handler as libc::sighandler_t) };
    // SAFETY: the call has no pointers.
    unsafe { libc::alarm(2) };
    // SAFETY: the call has no arguments.
    unsafe { libc::pause() };
    print_slowly(&NUMBERS)
}
