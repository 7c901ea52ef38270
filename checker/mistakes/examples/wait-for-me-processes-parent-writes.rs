//! Verdict: no-worker
//! The child only sleeps. The parent waits for it and then writes the file itself, with
//! the function that was meant for the child.

use anyhow::Result;
use common::{NewFile, Process, args, print_line};
use std::thread;
use std::time::Duration;

fn main() -> Result<()> {
    let file = NewFile::at(args::file_name())?;
    let mut sleeper = Process::new("sleeper", || {
        thread::sleep(Duration::from_secs(1));
        Ok(())
    });
    sleeper.start()?;
    sleeper.join()?;
    file.write("Now you see me, now you don't")?;
    print_line(file.read()?)?;
    file.remove()
}
