//! Verdict: did-not-wait
//! The program starts two children, a greeter and the writer, and waits only for the
//! greeter, which has nothing to do with the file and ends at once.

use anyhow::Result;
use common::{NewFile, Process, args, print_line};
use std::thread;
use std::time::Duration;

fn main() -> Result<()> {
    let file = NewFile::at(args::file_name())?;
    let mut greeter = Process::new("greeter", || Ok(()));
    let mut writer = Process::new("writer", || {
        thread::sleep(Duration::from_secs(1));
        file.write("Now you see me, now you don't")
    });
    writer.start()?;
    greeter.start()?;
    greeter.join()?;
    print_line(file.read()?)?;
    file.remove()
}
