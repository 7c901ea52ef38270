//! Verdict: did-not-wait
//! The child stops itself before it writes. The parent calls `waitpid` with WUNTRACED,
//! which returns for a stop as well, and takes this for the end of the child.

use anyhow::{Context, Result, ensure};
use common::{NewFile, Process, args, print_line};
use nix::sys::signal::{Signal, raise};

fn main() -> Result<()> {
    let file = NewFile::at(args::file_name())?;
    let mut writer = Process::new("writer", || {
        raise(Signal::SIGSTOP)?;
        file.write("Now you see me, now you don't")
    });
    writer.start()?;
    let pid = writer.pid().context("it was started")?.as_raw();
    let mut status = 0;
    // SAFETY: the kernel writes to `status`, which is borrowed for that.
    let ended = unsafe { libc::waitpid(pid, &raw mut status, libc::WUNTRACED) };
    ensure!(ended == pid, "waitpid returns {ended}");
    print_line(file.read()?)?;
    file.remove()
}
