//! Verdict: passed
//!
//! Like on Windows, without fork: the program starts itself again with std::process::Command. An
//! environment variable tells the child its role. The parent uses Child::wait.

use anyhow::{Context, Result, ensure};
use common::{args, print_line};
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;
use std::{env, thread};

const ROLE: &str = "WAIT_FOR_ME_ROLE";

fn main() -> Result<()> {
    let path = args::file_name();
    match env::var(ROLE).as_deref() {
        Ok("writer") => write_message(&path),
        _ => parent(&path),
    }
}

fn parent(path: &Path) -> Result<()> {
    ensure!(!path.exists(), "{} exists already", path.display());

    let mut writer = Command::new(env::current_exe()?)
        .arg(path)
        .env(ROLE, "writer")
        .stdin(Stdio::null())
        .spawn()
        .context("cannot start the writer")?;

    let status = writer.wait()?;
    ensure!(status.success(), "the writer failed: {status}");

    let text = fs::read_to_string(path)?;
    fs::remove_file(path)?;
    print_line(text)
}

fn write_message(path: &Path) -> Result<()> {
    thread::sleep(Duration::from_secs(1));
    let mut file = File::create_new(path)?;
    file.write_all(b"Now you see me, now you don't")?;
    Ok(())
}
