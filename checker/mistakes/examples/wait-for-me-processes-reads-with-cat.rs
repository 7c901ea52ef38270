//! Verdict: passed
//!
//! The program waits for its child, and has the file printed by `cat`.

use anyhow::{Context, Result, anyhow};
use common::{Process, args};
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::time::Duration;
use std::{fs, thread};

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

    let status = Command::new("cat")
        .arg(&path)
        .status()
        .context("cannot run cat")?;
    if !status.success() {
        return Err(anyhow!("cannot read {name}: {status}"));
    }
    fs::remove_file(&path).with_context(|| format!("cannot remove {name}"))
}

fn write_message(path: &Path) -> Result<()> {
    thread::sleep(Duration::from_secs(1));
    let mut file =
        File::create_new(path).with_context(|| format!("cannot create {}", path.display()))?;
    file.write_all(MESSAGE.as_bytes())
        .with_context(|| format!("cannot write to {}", path.display()))
}
