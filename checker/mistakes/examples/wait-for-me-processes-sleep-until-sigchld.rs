//! Verdict: did-not-wait
//!
//! "The end of a child interrupts a sleep." It does, if `SIGCHLD` has a handler; but a
//! child that needs more than 1.5 seconds is too late: the sleep just ends.

use anyhow::Result;
use common::{NewFile, Process, args, print_line};
use nix::sys::signal::{SigHandler, Signal, signal};
use std::thread;
use std::time::Duration;

extern "C" fn wake_up(_signal: libc::c_int) {}

fn main() -> Result<()> {
    let file = NewFile::at(args::file_name())?;

    let mut writer = Process::new("writer", || write_message(&file));
    writer.start()?;

    // After `start`, which sets the action of SIGCHLD itself.
    // SAFETY: the handler does nothing.
    unsafe { signal(Signal::SIGCHLD, SigHandler::Handler(wake_up)) }?;
    // Not `thread::sleep`: that one sleeps on after a signal.
    // SAFETY: it touches no memory.
    unsafe { libc::usleep(1_500_000) };

    print_line(file.read()?)?;
    file.remove()
}

fn write_message(file: &NewFile) -> Result<()> {
    thread::sleep(Duration::from_secs(1));
    file.write("Now you see me, now you don't")
}
