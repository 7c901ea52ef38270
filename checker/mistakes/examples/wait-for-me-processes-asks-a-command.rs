//! Verdict: passed
//!
//! The parent asks a shell whether it has ended, and sleeps in between.

use anyhow::Result;
use common::{args, print_line};
use std::fs;
use std::process::Command;
use std::thread;
use std::time::Duration;

const SCRIPT: &str = "sleep 1; echo \"Now you see me, now you don't\" > \"$0\"";

fn main() -> Result<()> {
    let file = args::file_name();
    let mut writer = Command::new("sh").args(["-c", SCRIPT]).arg(&file).spawn()?;
    while writer.try_wait()?.is_none() {
        thread::sleep(Duration::from_millis(20));
    }
    print_line(fs::read_to_string(&file)?)?;
    Ok(fs::remove_file(file)?)
}
