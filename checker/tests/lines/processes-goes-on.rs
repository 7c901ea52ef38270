//! It opens the file before its child has written it.

use common::{NewFile, Process, args, print_line};
use std::fs;
use std::thread;
use std::time::Duration;

fn main() -> anyhow::Result<()> {
    let name = args::file_name();
    let file = NewFile::at(name.clone())?;
    let mut writer = Process::new("writer", || {
        thread::sleep(Duration::from_secs(1));
        file.write("Now you see me, now you don't")
    });
    writer.start()?;
    println!("started");
    print_line(fs::read_to_string(&name)?)?; // here
    file.remove()
}
