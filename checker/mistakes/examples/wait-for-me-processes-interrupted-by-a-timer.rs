//! Verdict: did-not-wait
//!
//! The parent prints a dot after 300 ms, so that the user sees that it waits. But the signal of
//! the timer interrupts `waitpid`, which fails with `EINTR`. The parent ignores this error.

use anyhow::Result;
use common::{NewFile, Process, args, print_line};
use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet, Signal, sigaction};
use std::ptr;
use std::thread;
use std::time::Duration;

extern "C" fn print_dot(_: libc::c_int) {
    // SAFETY: the pointer is good for one byte.
    unsafe { libc::write(libc::STDERR_FILENO, c".".as_ptr().cast(), 1) };
}

fn main() -> Result<()> {
    let file = NewFile::at(args::file_name())?;
    let mut writer = Process::new("writer", || write_message(&file));
    writer.start()?;

    let handler = SigHandler::Handler(print_dot);
    let action = SigAction::new(handler, SaFlags::empty(), SigSet::empty());
    // SAFETY: the handler only calls `write`.
    unsafe { sigaction(Signal::SIGALRM, &action) }?;
    // SAFETY: zeroes are a timer that is off.
    let mut timer: libc::itimerval = unsafe { std::mem::zeroed() };
    timer.it_value.tv_usec = 300_000;
    // SAFETY: the first pointer is to a variable of this function.
    unsafe { libc::setitimer(libc::ITIMER_REAL, &raw const timer, ptr::null_mut()) };

    let child = writer.pid().map_or(-1, |pid| pid.as_raw());
    // SAFETY: the call writes nothing.
    unsafe { libc::waitpid(child, ptr::null_mut(), 0) };

    print_line(file.read()?)?;
    file.remove()
}

fn write_message(file: &NewFile) -> Result<()> {
    thread::sleep(Duration::from_secs(1));
    file.write("Now you see me, now you don't")
}
