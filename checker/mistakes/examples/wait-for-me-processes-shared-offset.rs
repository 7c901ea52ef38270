//! Verdict: wrong-output
//! The parent reads through a descriptor that both processes have had since before the
//! fork. They share its offset, which is behind the message now, so it reads nothing.

use anyhow::{Result, ensure};
use common::{args, exit_child, fork, print_line, waitpid};
use nix::unistd::ForkResult;
use std::fs::{self, OpenOptions};
use std::io::{Read, Write};
use std::thread;
use std::time::Duration;

fn main() -> Result<()> {
    let name = args::file_name();
    let mut options = OpenOptions::new();
    let mut file = options
        .read(true)
        .write(true)
        .create_new(true)
        .open(&name)?;
    let status = match fork()? {
        ForkResult::Child => {
            thread::sleep(Duration::from_millis(500));
            let result = file.write_all(b"Now you see me, now you don't");
            exit_child(result.is_err().into())
        }
        ForkResult::Parent { child } => waitpid(child)?,
    };
    ensure!(status == 0, "the child has the wait status {status}");
    let mut message = String::new();
    file.read_to_string(&mut message)?;
    print_line(message)?;
    fs::remove_file(name)?;
    Ok(())
}
