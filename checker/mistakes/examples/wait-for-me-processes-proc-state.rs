//! Verdict: passed
//!
//! Looks into /proc/PID/stat, as `ps` does, until the state of the child is Z (a zombie: it has
//! ended, and its parent has not waited for it). Then it reaps the zombie, and reads the file.

use anyhow::{Context, Result, ensure};
use common::{NewFile, Process, WaitStatus, args, print_line, waitpid};
use std::fs;
use std::thread;
use std::time::Duration;

fn main() -> Result<()> {
    let file = NewFile::at(args::file_name())?;

    let mut writer = Process::new("writer", || write_message(&file));
    writer.start()?;
    let pid = writer.pid().context("the writer has no pid")?;

    let stat = format!("/proc/{pid}/stat");
    while state(&stat)? != 'Z' {
        thread::sleep(Duration::from_millis(20));
    }

    let status = waitpid(pid)?;
    ensure!(status == 0, "the zombie {}", WaitStatus::from_raw(status));

    print_line(file.read()?)?;
    file.remove()
}

/// The third field: `4711 (writer) S 4710 ...`. The name may hold spaces and parentheses, so
/// the state is what follows the last parenthesis.
fn state(stat: &str) -> Result<char> {
    let text = fs::read_to_string(stat).with_context(|| format!("cannot read {stat}"))?;
    let (_, rest) = text.rsplit_once(')').context("no name in stat")?;
    rest.trim_start().chars().next().context("no state in stat")
}

fn write_message(file: &NewFile) -> Result<()> {
    thread::sleep(Duration::from_secs(1));
    file.write("Now you see me, now you don't")
}
