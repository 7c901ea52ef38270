//! Verdict: passed
//!
//! The child has a process group of its own, and the parent waits for that.

use anyhow::Result;
use common::{NewFile, args, exit_child, fork, print_line};
use nix::sys::wait::waitpid;
use nix::unistd::{ForkResult, Pid, setpgid};
use std::thread;
use std::time::Duration;

fn main() -> Result<()> {
    let file = NewFile::at(args::file_name())?;
    let writer = match fork()? {
        ForkResult::Child => {
            write_message(&file)?;
            exit_child(0)
        }
        ForkResult::Parent { child } => child,
    };
    setpgid(writer, writer)?;
    waitpid(Pid::from_raw(-writer.as_raw()), None)?;
    print_line(file.read()?)?;
    file.remove()
}

fn write_message(file: &NewFile) -> Result<()> {
    thread::sleep(Duration::from_secs(1));
    file.write("Now you see me, now you don't")
}
