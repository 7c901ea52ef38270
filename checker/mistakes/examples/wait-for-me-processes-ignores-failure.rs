//! Verdict: wrong-output
//!
//! The parent waits for the child, but does not care how it ended. If there is no
//! file to read, it prints the text that should be there.

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
    let _ = writer.join();

    let message = fs::read_to_string(&path).unwrap_or_else(|_| MESSAGE.into());
    let _ = fs::remove_file(&path);
    writeln!(io::stdout(), "{message}").context("cannot write to standard output")
}

fn write_message(path: &Path) -> Result<()> {
    thread::sleep(Duration::from_secs(1));
    let mut file =
        File::create_new(path).with_context(|| format!("cannot create {}", path.display()))?;
    file.write_all(MESSAGE.as_bytes())
        .with_context(|| format!("cannot write to {}", path.display()))
}
