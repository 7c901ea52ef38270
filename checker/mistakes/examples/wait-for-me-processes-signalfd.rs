//! Verdict: passed
//! The parent blocks SIGCHLD, reads a signalfd until that signal comes, and then asks
//! `waitpid` how the child has ended.

use anyhow::{Result, ensure};
use common::{WaitStatus, args, exit_child, fork, print_line, waitpid};
use nix::sys::signal::{SigSet, Signal};
use nix::unistd::ForkResult;
use std::fs::{self, File};
use std::io::Read;
use std::os::fd::FromRawFd;
use std::time::Duration;

fn main() -> Result<()> {
    let name = args::file_name();
    let mut mask = SigSet::empty();
    mask.add(Signal::SIGCHLD);
    mask.thread_block()?;
    let mask: *const libc::sigset_t = mask.as_ref();
    // SAFETY: the mask lives until the end of this function.
    let signals = unsafe { libc::signalfd(-1, mask, libc::SFD_CLOEXEC) };
    ensure!(signals >= 0, "cannot make a signalfd");
    // SAFETY: the descriptor was just made, and nothing else owns it.
    let mut signals = unsafe { File::from_raw_fd(signals) };

    let writer = match fork()? {
        ForkResult::Child => {
            std::thread::sleep(Duration::from_millis(500));
            let result = fs::write(&name, "Now you see me, now you don't");
            exit_child(result.is_err().into())
        }
        ForkResult::Parent { child } => child,
    };

    let mut record = [0; size_of::<libc::signalfd_siginfo>()];
    signals.read_exact(&mut record)?;
    let status = waitpid(writer)?;
    ensure!(status == 0, "child {}", WaitStatus::from_raw(status));
    print_line(fs::read_to_string(&name)?)?;
    fs::remove_file(name)?;
    Ok(())
}
