//! Ctrl-C for the programs that tests start.

use nix::sys::signal::{SigHandler, Signal, signal};
use std::os::unix::process::CommandExt;
use std::process::Command;

/// A shell without job control starts what runs in the background with SIGINT ignored, and
/// what the tests start would inherit that.
pub(crate) fn heed_interrupts(command: &mut Command) -> &mut Command {
    let restore = || {
        // SAFETY: no handler is installed.
        unsafe { signal(Signal::SIGINT, SigHandler::SigDfl) }?;
        Ok(())
    };
    // SAFETY: a system call only, which may be called between fork and exec.
    unsafe { command.pre_exec(restore) }
}
