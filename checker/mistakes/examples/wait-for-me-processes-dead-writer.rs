//! Verdict: wrong-output
//! The child writes the line and then kills itself. The parent waits, but throws the wait status
//! away, and prints the line as if all were well.

use anyhow::Result;
use common::{NewFile, Process, args, print_line, waitpid};
use nix::sys::signal::{Signal, raise};
use std::thread;
use std::time::Duration;

fn main() -> Result<()> {
    let file = NewFile::at(args::file_name())?;
    let mut writer = Process::new("writer", || {
        thread::sleep(Duration::from_millis(500));
        file.write("Now you see me, now you don't")?;
        raise(Signal::SIGKILL)?;
        Ok(())
    });
    writer.start()?;
    if let Some(pid) = writer.pid() {
        let _status = waitpid(pid)?;
    }
    print_line(file.read()?)?;
    file.remove()
}
