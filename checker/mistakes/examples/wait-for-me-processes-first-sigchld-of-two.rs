//! Verdict: did-not-wait
//!
//! A second child says after 1.4 seconds that it takes long. The parent waits for the
//! first SIGCHLD, and does not ask which child it came from.

use anyhow::Result;
use common::{NewFile, Process, args, print_line, report};
use nix::sys::signal::{SigHandler, Signal, signal};
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::thread;
use std::time::Duration;

static CHILD_ENDED: AtomicBool = AtomicBool::new(false);

extern "C" fn on_child(_: i32) {
    CHILD_ENDED.store(true, SeqCst);
}

fn main() -> Result<()> {
    let file = NewFile::at(args::file_name())?;

    let mut writer = Process::new("writer", || write_message(&file));
    writer.start()?;
    let mut consoler = Process::new("consoler", || {
        thread::sleep(Duration::from_millis(1400));
        report("It takes longer than usual");
        Ok(())
    });
    consoler.start()?;

    // SAFETY: the handler stores to an atomic, nothing else.
    unsafe { signal(Signal::SIGCHLD, SigHandler::Handler(on_child)) }?;
    while !CHILD_ENDED.load(SeqCst) {
        thread::sleep(Duration::from_millis(10));
    }

    print_line(file.read()?)?;
    file.remove()
}

fn write_message(file: &NewFile) -> Result<()> {
    thread::sleep(Duration::from_secs(1));
    file.write("Now you see me, now you don't")
}
