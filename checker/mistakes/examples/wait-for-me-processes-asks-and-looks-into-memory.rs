//! Verdict: did-not-wait
//!
//! The program asks once whether the child has ended, and does not look at the answer.

use anyhow::{Result, anyhow};
use common::{NewFile, args, exit_child, fork, print_line};
use nix::unistd::ForkResult;
use std::mem::MaybeUninit;
use std::thread;
use std::time::Duration;

fn main() -> Result<()> {
    let file = NewFile::at(args::file_name())?;
    if let ForkResult::Child = fork()? {
        thread::sleep(Duration::from_secs(1));
        let written = file.write("Now you see me, now you don't");
        exit_child(i32::from(written.is_err()))
    }
    let mut info = MaybeUninit::<libc::siginfo_t>::zeroed();
    let options = libc::WEXITED | libc::WNOHANG;
    // SAFETY: the kernel writes to `info`.
    let waited = unsafe { libc::waitid(libc::P_ALL, 0, info.as_mut_ptr(), options) };
    if waited != 0 {
        return Err(anyhow!("cannot wait"));
    }
    print_line(file.read()?)?;
    file.remove()
}
