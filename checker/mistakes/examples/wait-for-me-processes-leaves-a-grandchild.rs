//! Verdict: left-running
//!
//! The child forks once more, and its child sleeps for a minute in a session of its
//! own. All else is right, but the sleeper is there when the program has ended.

use anyhow::{Context, Result, anyhow};
use common::{Process, args, exit_child};
use nix::unistd::{ForkResult, fork, setsid};
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::time::Duration;
use std::{fs, io, thread};

const MESSAGE: &str = "Now you see me, now you don't";

fn main() -> Result<()> {
    let path = args::file_name();
    let name = path.display();
    if path.symlink_metadata().is_ok() {
        return Err(anyhow!("{name} exists already: choose another name"));
    }

    let mut writer = Process::new("writer", || write_message(&path));
    writer.start()?;
    writer.join()?;

    let message = fs::read(&path).with_context(|| format!("cannot read {name}"))?;
    if message != MESSAGE.as_bytes() {
        return Err(anyhow!("another program wrote {name}: it stays as it is"));
    }
    fs::remove_file(&path).with_context(|| format!("cannot remove {name}"))?;
    writeln!(io::stdout(), "{MESSAGE}").context("cannot write to standard output")
}

fn write_message(path: &Path) -> Result<()> {
    // SAFETY: this is the only thread of the process.
    let result = unsafe { fork() }.context("cannot start the sleeper")?;
    if let ForkResult::Child = result {
        let result = sleep_for_a_minute();
        exit_child(result.is_err().into());
    }
    thread::sleep(Duration::from_secs(1));
    let mut file =
        File::create_new(path).with_context(|| format!("cannot create {}", path.display()))?;
    file.write_all(MESSAGE.as_bytes())
        .with_context(|| format!("cannot write to {}", path.display()))
}

fn sleep_for_a_minute() -> Result<()> {
    setsid().context("cannot begin a session")?;
    thread::sleep(Duration::from_secs(60));
    Ok(())
}
