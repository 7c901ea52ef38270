//! Verdict: did-not-wait
//!
//! Two guards, one that waits and one that prints, are dropped at the end of `main`: in the
//! reverse order of their declaration, so it reads and prints first, and waits after that.

use anyhow::Result;
use common::{NewFile, Process, args, print_line, report};
use std::thread;
use std::time::Duration;

struct WaitsAtTheEnd<'work>(Process<'work>);

impl Drop for WaitsAtTheEnd<'_> {
    fn drop(&mut self) {
        if let Err(error) = self.0.join() {
            report(format_args!("Error: {error}"));
        }
    }
}

struct PrintsAtTheEnd<'file>(&'file NewFile);

impl Drop for PrintsAtTheEnd<'_> {
    fn drop(&mut self) {
        let printed = self.0.read().and_then(print_line);
        if let Err(error) = printed.and_then(|()| self.0.remove()) {
            report(format_args!("Error: {error}"));
        }
    }
}

fn main() -> Result<()> {
    let file = NewFile::at(args::file_name())?;

    let mut writer = Process::new("writer", || write_message(&file));
    writer.start()?;

    let _first = WaitsAtTheEnd(writer);
    let _then = PrintsAtTheEnd(&file);
    Ok(())
}

fn write_message(file: &NewFile) -> Result<()> {
    thread::sleep(Duration::from_secs(1));
    file.write("Now you see me, now you don't")
}
