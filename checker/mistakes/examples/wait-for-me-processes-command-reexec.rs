//! Verdict: passed
//!
//! The child runs the same program file again, with a second argument that says that
//! it is the writer. The parent waits for it with `status`.

use anyhow::{Context, Result, anyhow};
use common::args;
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::time::Duration;
use std::{env, fs, io, thread};

const MESSAGE: &str = "Now you see me, now you don't";

fn main() -> Result<()> {
    let mut arguments = env::args_os().skip(1);
    if let (Some(path), Some(_)) = (arguments.next(), arguments.next()) {
        return write_message(path.as_ref());
    }

    let path = args::file_name();
    let name = path.display();
    if path.symlink_metadata().is_ok() {
        return Err(anyhow!("{name} exists already: choose another name"));
    }

    let program = env::current_exe().context("cannot find the program")?;
    let status = Command::new(program)
        .arg(&path)
        .arg("write")
        .status()
        .context("cannot run the writer")?;
    if !status.success() {
        return Err(anyhow!("the writer failed: {status}"));
    }

    let message = fs::read(&path).with_context(|| format!("cannot read {name}"))?;
    if message != MESSAGE.as_bytes() {
        return Err(anyhow!("another program wrote {name}: it stays as it is"));
    }
    fs::remove_file(&path).with_context(|| format!("cannot remove {name}"))?;
    writeln!(io::stdout(), "{MESSAGE}").context("cannot write to standard output")
}

fn write_message(path: &Path) -> Result<()> {
    thread::sleep(Duration::from_secs(1));
    let mut file =
        File::create_new(path).with_context(|| format!("cannot create {}", path.display()))?;
    file.write_all(MESSAGE.as_bytes())
        .with_context(|| format!("cannot write to {}", path.display()))
}
