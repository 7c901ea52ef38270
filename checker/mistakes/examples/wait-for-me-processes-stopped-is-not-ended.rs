//! Verdict: did-not-wait
//!
//! The child stops itself after it has written. The parent takes the stop for its end, and
//! kills it when it has printed.

use anyhow::{Context, Result, ensure};
use common::{NewFile, Process, args, print_line};
use nix::sys::signal::{Signal, kill, raise};

fn main() -> Result<()> {
    let file = NewFile::at(args::file_name())?;
    let mut writer = Process::new("writer", || {
        file.write("Now you see me, now you don't")?;
        Ok(raise(Signal::SIGSTOP)?)
    });
    writer.start()?;
    let pid = writer.pid().context("it was started")?;
    let mut status = 0;
    // SAFETY: the kernel writes to `status`, which is borrowed for that.
    let ended = unsafe { libc::waitpid(pid.as_raw(), &raw mut status, libc::WUNTRACED) };
    ensure!(ended == pid.as_raw(), "waitpid returns {ended}");
    print_line(file.read()?)?;
    kill(pid, Signal::SIGKILL)?;
    file.remove()
}
