//! Verdict: no-worker
//!
//! The program waits for a child that does nothing. Then it writes the file itself,
//! and reads it.

use common::{Context, Error, Process, args, exit_code};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;
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

    let mut idler = Process::new("the idler", || Ok(()));
    idler.start()?;
    idler.join()?;
    write_message(&path)?;

    let message = fs::read(&path).with_context(|| format!("cannot read {name}"))?;
    if message != MESSAGE.as_bytes() {
        return Err(Error::Other(format!(
            "somebody else wrote {name}: it stays as it is"
        )));
    }
    fs::remove_file(&path).with_context(|| format!("cannot remove {name}"))?;
    writeln!(io::stdout(), "{MESSAGE}").context("cannot write to standard output")
}

fn write_message(path: &Path) -> Result<(), Error> {
    thread::sleep(Duration::from_secs(1));
    let mut file =
        File::create_new(path).with_context(|| format!("cannot create {}", path.display()))?;
    file.write_all(MESSAGE.as_bytes())
        .with_context(|| format!("cannot write to {}", path.display()))
}
