//! Verdict: passed
//!
//! The parent waits for the child with `waitpid` of the C library.

use common::{Context, Error, args, exit_code, fork, run_child};
use nix::unistd::ForkResult;
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

    let writer = match fork().context("cannot start the writer")? {
        ForkResult::Child => run_child(|| write_message(&path)),
        ForkResult::Parent { child } => child,
    };
    let mut status = 0;
    // SAFETY: the status is written to `status`, which is borrowed for that.
    let waited = unsafe { libc::waitpid(writer.as_raw(), &raw mut status, 0) };
    if waited == -1 {
        return Err(io::Error::last_os_error()).context("cannot wait for the writer");
    }
    if status != 0 {
        return Err(Error::worker("the writer", status));
    }

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
