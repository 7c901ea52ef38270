//! Verdict: passed
//!
//! Polls the child ten times a second (waitpid with WNOHANG), and shows a dot on standard error
//! each time, so that the user sees that something is going on. No limit of time.

use anyhow::{Result, anyhow, ensure};
use common::{NewFile, Process, WaitStatus, args, print_line};
use nix::unistd::Pid;
use std::io::{self, Write};
use std::thread;
use std::time::Duration;

const TICK: Duration = Duration::from_millis(100);

fn main() -> Result<()> {
    let file = NewFile::at(args::file_name())?;

    let mut writer = Process::new("writer", || write_message(&file));
    writer.start()?;
    let pid = writer.pid().ok_or_else(|| anyhow!("not started"))?;

    eprint!("waiting for process {pid} ");
    let status = loop {
        if let Some(status) = try_wait(pid)? {
            break status;
        }
        eprint!(".");
        let _ = io::stderr().flush();
        thread::sleep(TICK);
    };
    eprintln!(" it {}", WaitStatus::from_raw(status));
    ensure!(status == 0, "there is no message");

    print_line(file.read()?)?;
    file.remove()
}

/// The wait status of the child if it has ended, and `None` while it runs.
fn try_wait(pid: Pid) -> io::Result<Option<i32>> {
    let mut status = 0;
    // SAFETY: the kernel writes to `status`, which lives long enough.
    match unsafe { libc::waitpid(pid.as_raw(), &raw mut status, libc::WNOHANG) } {
        0 => Ok(None),
        -1 => Err(io::Error::last_os_error()),
        _ => Ok(Some(status)),
    }
}

fn write_message(file: &NewFile) -> Result<()> {
    thread::sleep(Duration::from_secs(1));
    file.write("Now you see me, now you don't")
}
