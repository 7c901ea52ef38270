//! Verdict: passed
//!
//! The parent opens the file, and the child writes to it by the descriptor that it
//! inherits. The parent waits for it, and reads what is there by its own.

use anyhow::{Context, Result, anyhow};
use common::{Process, args};
use std::fs::File;
use std::io::Write;
use std::os::unix::fs::FileExt;
use std::time::Duration;
use std::{fs, io, thread};

const MESSAGE: &str = "Now you see me, now you don't";

fn main() -> Result<()> {
    let path = args::file_name();
    let name = path.display();
    if path.symlink_metadata().is_ok() {
        return Err(anyhow!("{name} exists already: choose another name"));
    }

    let file = File::options()
        .read(true)
        .write(true)
        .create_new(true)
        .open(&path)
        .with_context(|| format!("cannot create {name}"))?;
    let mut writer = Process::new("writer", || write_message(&file));
    writer.start()?;
    writer.join()?;

    let mut message = vec![0; MESSAGE.len()];
    file.read_exact_at(&mut message, 0)
        .with_context(|| format!("cannot read {name}"))?;
    if message != MESSAGE.as_bytes() {
        return Err(anyhow!("another program wrote {name}: it stays as it is"));
    }
    fs::remove_file(&path).with_context(|| format!("cannot remove {name}"))?;
    writeln!(io::stdout(), "{MESSAGE}").context("cannot write to standard output")
}

fn write_message(mut file: &File) -> Result<()> {
    thread::sleep(Duration::from_secs(1));
    file.write_all(MESSAGE.as_bytes())
        .context("cannot write to the file")
}
