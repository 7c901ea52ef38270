//! Verdict: did-not-wait
//!
//! The program polls for a second name of the file, reads that, and waits afterwards.

use anyhow::{Result, anyhow};
use common::{args, exit_child, fork, print_line, waitpid};
use nix::unistd::ForkResult;
use std::path::Path;
use std::time::Duration;
use std::{fs, thread};

fn main() -> Result<()> {
    let name = args::file_name();
    let link = name.with_extension("link");
    let child = match fork()? {
        ForkResult::Child => exit_child(i32::from(write(&name, &link).is_err())),
        ForkResult::Parent { child } => child,
    };
    while !link.exists() {
        thread::sleep(Duration::from_millis(5));
    }
    let message = fs::read_to_string(&link).map_err(|error| anyhow!("cannot read: {error}"))?;
    waitpid(child)?;
    print_line(message)?;
    fs::remove_file(&link).map_err(|error| anyhow!("cannot remove: {error}"))?;
    fs::remove_file(&name).map_err(|error| anyhow!("cannot remove: {error}"))
}

fn write(name: &Path, link: &Path) -> Result<()> {
    fs::write(name, "Now you see me, now you don't").map_err(|error| anyhow!("{error}"))?;
    fs::hard_link(name, link).map_err(|error| anyhow!("{error}"))?;
    thread::sleep(Duration::from_secs(1));
    Ok(())
}
