//! Verdict: timed-out
//!
//! A handler of SIGCHLD sets a flag. The parent looks at the flag and pauses. If the signal comes
//! between the two, the parent waits forever.

use anyhow::Result;
use common::{NewFile, Process, args, print_line};
use nix::sys::signal::{SigHandler, Signal, signal};
use nix::unistd::pause;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread;
use std::time::Duration;

static HAS_ENDED: AtomicBool = AtomicBool::new(false);

extern "C" fn note_end(_: libc::c_int) {
    HAS_ENDED.store(true, Relaxed);
}

fn main() -> Result<()> {
    let file = NewFile::at(args::file_name())?;
    // SAFETY: the handler only stores to an atomic variable.
    unsafe { signal(Signal::SIGCHLD, SigHandler::Handler(note_end)) }?;
    let mut writer = Process::new("writer", || write_message(&file));
    writer.start()?;
    while !HAS_ENDED.load(Relaxed) {
        pause();
    }
    writer.join()?;

    print_line(file.read()?)?;
    file.remove()
}

fn write_message(file: &NewFile) -> Result<()> {
    thread::sleep(Duration::from_secs(1));
    file.write("Now you see me, now you don't")
}
