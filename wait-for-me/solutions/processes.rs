//! Wait for me: a child process that nobody waits for.
//!
//! The child writes a message to a file, after a second. The parent reads the
//! message, removes the file, and prints the message.
//!
//! ```console
//! $ cargo run -p wait-for-me --bin processes -- message.txt
//! ```
//!
//! As it is, the parent finds no file: why? With the TODO done, the message
//! appears, after a second.

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

    let mut writer = Process::new("the writer", || write_message(&path));
    writer.start()?;

    // TODO: Wait until the process has ended. (Look at `common::Process`.)
    // <solution>
    writer.join()?;
    // </solution>

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
    // Fails if the file exists: a file of somebody else stays as it is.
    let mut file =
        File::create_new(path).with_context(|| format!("cannot create {}", path.display()))?;
    let written = file.write_all(MESSAGE.as_bytes());
    if written.is_err() {
        let _ = fs::remove_file(path);
    }
    written.with_context(|| format!("cannot write to {}", path.display()))
}
