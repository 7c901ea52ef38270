//! Verdict: passed
//!
//! By an old Unix hand: fork, block SIGCHLD, an empty handler, sigsuspend. After each signal it
//! looks whether the child is gone (WNOHANG), so a SIGCHLD for another reason does no harm.

use anyhow::{Result, bail, ensure};
use common::{NewFile, args, exit_child, fork, print_line};
use nix::unistd::ForkResult;
use std::{mem, ptr, thread, time::Duration};

extern "C" fn on_sigchld(_signal: libc::c_int) {
    // Nothing to do: it only has to interrupt sigsuspend.
}

fn main() -> Result<()> {
    let file = NewFile::at(args::file_name())?;

    // SAFETY: plain C structures, for which all zeros is a value; the calls only fill them.
    let mut old: libc::sigset_t = unsafe { mem::zeroed() };
    let mut block: libc::sigset_t = unsafe { mem::zeroed() };
    unsafe {
        libc::sigemptyset(&raw mut block);
        libc::sigaddset(&raw mut block, libc::SIGCHLD);
        libc::sigprocmask(libc::SIG_BLOCK, &raw const block, &raw mut old);
    }

    let pid = match fork()? {
        ForkResult::Child => {
            let rc = write_message(&file);
            exit_child(i32::from(rc.is_err()))
        }
        ForkResult::Parent { child } => child.as_raw(),
    };

    // After the fork, because `fork` of common sets SIGCHLD to the default.
    // SAFETY: as above; the handler does nothing.
    unsafe {
        let mut action: libc::sigaction = mem::zeroed();
        action.sa_sigaction = on_sigchld as extern "C" fn(libc::c_int) as usize;
        ensure!(
            libc::sigaction(libc::SIGCHLD, &raw const action, ptr::null_mut()) == 0,
            "sigaction"
        );
        libc::sigdelset(&raw mut old, libc::SIGCHLD);
    }

    let mut status = 0;
    loop {
        // SAFETY: the kernel writes to `status`.
        let rc = unsafe { libc::waitpid(pid, &raw mut status, libc::WNOHANG) };
        if rc == pid {
            break;
        }
        ensure!(rc == 0, "waitpid: {}", std::io::Error::last_os_error());
        // SAFETY: unblocks SIGCHLD and sleeps, in one step.
        unsafe { libc::sigsuspend(&raw const old) };
    }
    if status != 0 {
        bail!("the child ended badly, status {status:#06x}");
    }

    print_line(file.read()?)?;
    file.remove()
}

fn write_message(file: &NewFile) -> Result<()> {
    thread::sleep(Duration::from_secs(1));
    file.write("Now you see me, now you don't")
}
