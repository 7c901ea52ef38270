//! Verdict: did-not-wait
//!
//! The program waits for a child that does nothing, and not for the one that writes.

use anyhow::Result;
use common::{NewFile, args, exit_child, fork, print_line, waitpid};
use nix::unistd::ForkResult;
use std::thread;
use std::time::Duration;

fn main() -> Result<()> {
    let file = NewFile::at(args::file_name())?;
    if let ForkResult::Child = fork()? {
        thread::sleep(Duration::from_secs(1));
        let written = file.write("Now you see me, now you don't");
        exit_child(i32::from(written.is_err()))
    }
    match fork()? {
        ForkResult::Child => exit_child(0),
        ForkResult::Parent { child } => waitpid(child)?,
    };
    print_line(file.read()?)?;
    file.remove()
}
