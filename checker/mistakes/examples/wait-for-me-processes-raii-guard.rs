//! Verdict: passed
//!
//! By a C++ programmer who has read that the handle does not join: so it is wrapped in a guard
//! whose `drop` does. The block ends, the guard joins, and the message is read after the block.

use anyhow::Result;
use common::{NewFile, Process, args, print_line, report};
use std::thread;
use std::time::Duration;

/// A process that has ended when this value is gone.
struct JoiningProcess<'work>(Process<'work>);

impl<'work> JoiningProcess<'work> {
    fn start(name: &str, work: impl FnOnce() -> Result<()> + 'work) -> Result<Self> {
        let mut process = Process::new(name, work);
        process.start()?;
        Ok(Self(process))
    }
}

impl Drop for JoiningProcess<'_> {
    fn drop(&mut self) {
        // A destructor cannot return an error.
        if let Err(error) = self.0.join() {
            report(format_args!("Warning: {error}"));
        }
    }
}

fn main() -> Result<()> {
    let file = NewFile::at(args::file_name())?;

    {
        let _writer = JoiningProcess::start("writer", || write_message(&file))?;
        // ... the parent could do something useful here ...
    }

    print_line(file.read()?)?;
    file.remove()
}

fn write_message(file: &NewFile) -> Result<()> {
    thread::sleep(Duration::from_secs(1));
    file.write("Now you see me, now you don't")
}
