//! Verdict: passed
//!
//! The parent waits for the child, and prints some words around the message.

use anyhow::{Context, Result, anyhow};
use common::{Process, args};
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
    let text = format!("The child has ended. It wrote:\n{MESSAGE}\nThe file is removed.");
    writeln!(io::stdout(), "{text}").context("cannot write to standard output")
}

fn write_message(path: &Path) -> Result<()> {
    thread::sleep(Duration::from_secs(1));
    let mut file =
        File::create_new(path).with_context(|| format!("cannot create {}", path.display()))?;
    file.write_all(MESSAGE.as_bytes())
        .with_context(|| format!("cannot write to {}", path.display()))
}
