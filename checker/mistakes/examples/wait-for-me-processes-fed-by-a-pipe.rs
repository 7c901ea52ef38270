//! Verdict: passed
//!
//! The parent sends the message to a child, which sleeps and writes it to the file.

use anyhow::{Context, Result, ensure};
use common::{args, print_line};
use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};

const MESSAGE: &str = "Now you see me, now you don't";

fn main() -> Result<()> {
    let file = args::file_name();
    let mut writer = Command::new("sh")
        .args(["-c", "sleep 1; cat > \"$0\""])
        .arg(&file)
        .stdin(Stdio::piped())
        .spawn()?;
    let mut stdin = writer.stdin.take().context("there is a pipe")?;
    stdin.write_all(MESSAGE.as_bytes())?;
    drop(stdin);
    ensure!(writer.wait()?.success(), "the shell failed");
    print_line(fs::read_to_string(&file)?)?;
    Ok(fs::remove_file(file)?)
}
