//! Verdict: passed
//!
//! The child writes to a file of another name, and gives it its name when all is in
//! it.

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
    writeln!(io::stdout(), "{MESSAGE}").context("cannot write to standard output")
}

fn write_message(path: &Path) -> Result<()> {
    thread::sleep(Duration::from_secs(1));
    let unfinished = path.with_extension("unfinished");
    let mut file = File::create_new(&unfinished)
        .with_context(|| format!("cannot create {}", unfinished.display()))?;
    file.write_all(MESSAGE.as_bytes())
        .with_context(|| format!("cannot write to {}", unfinished.display()))?;
    fs::rename(unfinished, path).with_context(|| format!("cannot rename to {}", path.display()))
}
