//! Verdict: passed
//!
//! The program waits by waitid without a place for the answer.

use anyhow::{Result, anyhow};
use common::{NewFile, args, exit_child, fork, print_line};
use nix::errno::Errno;
use nix::unistd::ForkResult;
use std::ptr::null_mut;

fn main() -> Result<()> {
    let file = NewFile::at(args::file_name())?;
    if let ForkResult::Child = fork()? {
        let written = file.write("Now you see me, now you don't");
        exit_child(i32::from(written.is_err()))
    }
    // SAFETY: there is nothing to write to.
    let waited = unsafe { libc::waitid(libc::P_ALL, 0, null_mut(), libc::WEXITED) };
    Errno::result(waited).map_err(|error| anyhow!("cannot wait: {error}"))?;
    print_line(file.read()?)?;
    file.remove()
}
