//! Verdict: passed
//!
//! A handler of SIGCHLD sets a flag. The parent looks at the flag and pauses. The signal may come
//! between the two. But a timer ends each pause, so the parent looks again.

use anyhow::Result;
use common::{NewFile, Process, args, print_line};
use nix::sys::signal::{SigHandler, Signal, signal};
use nix::unistd::{alarm, pause};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread;
use std::time::Duration;

static HAS_ENDED: AtomicBool = AtomicBool::new(false);

extern "C" fn note_end(_: libc::c_int) {
    HAS_ENDED.store(true, Relaxed);
}

extern "C" fn do_nothing(_: libc::c_int) {}

fn main() -> Result<()> {
    let file = NewFile::at(args::file_name())?;
    // SAFETY: the handler only stores to an atomic variable.
    unsafe { signal(Signal::SIGCHLD, SigHandler::Handler(note_end)) }?;
    // SAFETY: this one does nothing.
    unsafe { signal(Signal::SIGALRM, SigHandler::Handler(do_nothing)) }?;
    let mut writer = Process::new("writer", || write_message(&file));
    writer.start()?;
    while !HAS_ENDED.load(Relaxed) {
        alarm::set(1);
        pause();
    }
    alarm::cancel();
    writer.join()?;

    print_line(file.read()?)?;
    file.remove()
}

fn write_message(file: &NewFile) -> Result<()> {
    thread::sleep(Duration::from_secs(1));
    file.write("Now you see me, now you don't")
}
