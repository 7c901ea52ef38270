//! Verdict: passed
//! The child forks the writer and ends at once. The program has made itself a subreaper,
//! so it inherits the writer, and it waits until it has no child any more.

use anyhow::{Result, ensure};
use common::{args, exit_child, print_line};
use nix::errno::Errno;
use nix::sys::prctl;
use nix::unistd::{ForkResult, fork};
use std::fs;
use std::path::Path;
use std::thread;
use std::time::Duration;

fn main() -> Result<()> {
    let name = args::file_name();
    prctl::set_child_subreaper(true)?;
    // SAFETY: there is one thread, so the child may do all that the parent may do.
    if let ForkResult::Child = unsafe { fork() }? {
        // SAFETY: as above.
        match unsafe { fork() } {
            Ok(ForkResult::Child) => exit_child(write_message(&name)),
            result => exit_child(result.is_err().into()),
        }
    }

    loop {
        let mut status = 0;
        // SAFETY: the kernel writes to `status`, which is borrowed for that.
        let result = Errno::result(unsafe { libc::wait(&raw mut status) });
        if result == Err(Errno::ECHILD) {
            break;
        }
        let pid = result?;
        ensure!(status == 0, "process {pid} has the wait status {status}");
    }
    print_line(fs::read_to_string(&name)?)?;
    fs::remove_file(name)?;
    Ok(())
}

fn write_message(name: &Path) -> i32 {
    thread::sleep(Duration::from_secs(1));
    fs::write(name, "Now you see me, now you don't")
        .is_err()
        .into()
}
