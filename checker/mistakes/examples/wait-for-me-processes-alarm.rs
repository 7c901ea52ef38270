//! Verdict: did-not-wait
//! The parent sets an alarm clock and sleeps until the signal SIGALRM comes, two seconds
//! later. It waits for a time and never asks whether the child has ended.

use anyhow::Result;
use common::{NewFile, Process, args, print_line};
use nix::sys::signal::{SigSet, Signal};
use nix::unistd::alarm;
use std::thread;
use std::time::Duration;

fn main() -> Result<()> {
    let file = NewFile::at(args::file_name())?;
    let mut writer = Process::new("writer", || {
        thread::sleep(Duration::from_secs(1));
        file.write("Now you see me, now you don't")
    });
    writer.start()?;

    let mut clock = SigSet::empty();
    clock.add(Signal::SIGALRM);
    clock.thread_block()?;
    alarm::set(2);
    clock.wait()?;

    print_line(file.read()?)?;
    file.remove()
}
