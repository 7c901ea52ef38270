//! Verdict: did-not-wait
//!
//! It waits until the folder has changed (its time of modification). That is the moment
//! when the file is created, or any other one: not when it is full, nor the child's end.

use anyhow::Result;
use common::{NewFile, Process, args, print_line};
use std::fs;
use std::path::Path;
use std::thread;
use std::time::Duration;

fn main() -> Result<()> {
    let path = args::file_name();
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder.to_owned(),
        _ => ".".into(),
    };
    let file = NewFile::at(path)?;

    let before = fs::metadata(&folder)?.modified()?;
    let mut writer = Process::new("writer", || write_message(&file));
    writer.start()?;

    while fs::metadata(&folder)?.modified()? == before {
        thread::sleep(Duration::from_millis(10));
    }

    print_line(file.read()?)?;
    file.remove()
}

fn write_message(file: &NewFile) -> Result<()> {
    thread::sleep(Duration::from_secs(1));
    file.write("Now you see me, now you don't")
}
