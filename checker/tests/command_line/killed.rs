//! The checker is ended while it is at work.

use super::hostile::{SOLVED, put};
use super::lab::Lab;
use super::survivors::Mark;
use nix::sys::signal::{Signal, kill, killpg};
use nix::unistd::Pid;
use std::error::Error;
use std::fs::{self, File};
use std::io;
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, SystemTime};
use tempfile::TempDir;

/// Programs that run, or are compiled, for ever, and words that stand in the command
/// line meanwhile.
pub(super) const NEVER_END: [(&str, [&str; 2]); 2] = [
    (
        "tests/command_line/programs/busy_loop.rs",
        ["target/lab/wait-for-me/debug/threads", ""],
    ),
    (
        "tests/command_line/programs/endless_macro.rs",
        ["rustc", "wait-for-me/src/bin/threads.rs"],
    ),
];

/// Ends a check as soon as it has started something with these words in its command
/// line, and sees to it that nothing is left.
pub(super) fn end_while(
    lab: &Lab,
    words: &[&str],
    prepare: fn(&mut Command),
    end: impl Fn(Pid) -> nix::Result<()>,
) -> Result<(), Box<dyn Error>> {
    let mark = Mark::new()?;
    let mut command = lab.command(&["check", "wait-for-me", "--bin", "threads"]);
    mark.put_on(&mut command);
    prepare(&mut command);
    // In a group of its own, as from a shell.
    command
        .process_group(0)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let mut checker = command.spawn()?;
    mark.wait_until(|bearers| {
        let is_it = |line: &String| words.iter().all(|word| line.contains(word));
        bearers.iter().any(is_it)
    });
    end(Pid::from_raw(checker.id().cast_signed()))?;
    assert!(!checker.wait()?.success());
    let start = Instant::now();
    mark.wait_until(<[String]>::is_empty);
    println!("{words:?}: gone after {:.2?}", start.elapsed());
    Ok(())
}

#[test]
fn nothing_outlives_the_checker() -> Result<(), Box<dyn Error>> {
    let lab = SOLVED.sibling()?;
    for (program, words) in NEVER_END {
        put(&lab, program, "threads")?;
        // By a signal that it cannot handle, and by Ctrl-C.
        end_while(
            &lab,
            &words,
            |_| {},
            |checker| kill(checker, Signal::SIGKILL),
        )?;
        end_while(
            &lab,
            &words,
            |_| {},
            |checker| killpg(checker, Signal::SIGINT),
        )?;
    }
    Ok(())
}

/// A killed checker leaves a folder behind. The next checker removes it, once it is unused.
#[test]
fn what_a_killed_checker_has_left_is_removed() -> Result<(), Box<dyn Error>> {
    let temporary = TempDir::new()?;
    let hours = |count: u64| Duration::from_secs(count * 60 * 60);
    for (name, age) in [
        ("cargo-lab-run-of-yesterday", hours(24)),
        ("cargo-lab-run-of-just-now", hours(0)),
        ("lab-report", hours(24)),
    ] {
        let folder = temporary.path().join(name);
        fs::create_dir(&folder)?;
        fs::write(folder.join("message.txt"), "Now you see me")?;
        File::open(folder)?.set_modified(SystemTime::now() - age)?;
    }
    let mut command = SOLVED.command(&["check", "wait-for-me", "--bin", "processes"]);
    assert!(
        command
            .env("TMPDIR", temporary.path())
            .output()?
            .status
            .success()
    );
    let mut left = fs::read_dir(temporary.path())?
        .map(|entry| Ok(entry?.file_name()))
        .collect::<io::Result<Vec<_>>>()?;
    left.sort();
    assert_eq!(left, ["cargo-lab-run-of-just-now", "lab-report"]);
    Ok(())
}
