//! Verdict: passed
//!
//! The program waits for its child, and has the file printed by `cat`.

use common::{Context, Error, Process, args, exit_code};
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::thread;
use std::time::Duration;

const MESSAGE: &str = "Now you see me, now you don't";

fn main() -> ExitCode {
    exit_code(run())
}

fn run() -> Result<(), Error> {
    let path = args::file_name()?;
    let name = path.display();
    if path.symlink_metadata().is_ok() {
        return Err(Error::Other(format!(
            "{name} exists already: choose another name"
        )));
    }

    let mut writer = Process::new("the writer", || write_message(&path));
    writer.start()?;
    writer.join()?;

    let status = Command::new("cat")
        .arg(&path)
        .status()
        .context("cannot run cat")?;
    if !status.success() {
        return Err(Error::Other(format!("cannot read {name}: {status}")));
    }
    fs::remove_file(&path).with_context(|| format!("cannot remove {name}"))
}

fn write_message(path: &Path) -> Result<(), Error> {
    thread::sleep(Duration::from_secs(1));
    let mut file =
        File::create_new(path).with_context(|| format!("cannot create {}", path.display()))?;
    file.write_all(MESSAGE.as_bytes())
        .with_context(|| format!("cannot write to {}", path.display()))
}
