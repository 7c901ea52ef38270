//! Verdict: wrong-output
//!
//! Waits, but takes the wait status for a boolean, where 0 would be "failed". So it complains about
//! a writer that has done all right, and does not print the message.

use anyhow::{Result, anyhow};
use common::{NewFile, args, exit_child, fork, print_line, report, waitpid};
use nix::unistd::ForkResult;
use std::thread;
use std::time::Duration;

fn main() -> Result<()> {
    let file = NewFile::at(args::file_name())?;

    let writer = match fork().map_err(|error| anyhow!("fork: {error}"))? {
        ForkResult::Child => {
            let ok = write_message(&file).is_ok();
            exit_child(if ok { 0 } else { 1 })
        }
        ForkResult::Parent { child } => child,
    };

    let success = waitpid(writer)?;
    if success != 0 {
        print_line(file.read()?)?;
    } else {
        report("The writer was not successful, there is no message");
    }
    file.remove()
}

fn write_message(file: &NewFile) -> Result<()> {
    thread::sleep(Duration::from_secs(1));
    file.write("Now you see me, now you don't")
}
