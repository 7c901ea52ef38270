//! Verdict: did-not-wait
//!
//! With WUNTRACED, `waitpid` also returns when the child was only stopped, for example by SIGSTOP.

use anyhow::{Context, Result, ensure};
use common::{NewFile, Process, args, print_line};
use std::thread;
use std::time::Duration;

fn main() -> Result<()> {
    let file = NewFile::at(args::file_name())?;

    let mut writer = Process::new("writer", || write_message(&file));
    writer.start()?;

    let pid = writer.pid().context("no pid")?.as_raw();
    let mut status = 0;
    // The option is that of the example in the manual page.
    // SAFETY: the kernel writes to `status`.
    let rc = unsafe { libc::waitpid(pid, &raw mut status, libc::WUNTRACED) };
    ensure!(rc == pid, "waitpid failed");
    ensure!(!libc::WIFSIGNALED(status), "the child was killed");

    print_line(file.read()?)?;
    file.remove()
}

fn write_message(file: &NewFile) -> Result<()> {
    thread::sleep(Duration::from_secs(1));
    file.write("Now you see me, now you don't")
}
