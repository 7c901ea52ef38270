//! The checker is ended while it is at work.

use super::lab::SOLVED;
use super::survivors::Mark;
use super::untraced::answer;
use crate::support::{Result, run};
use nix::sys::signal::{Signal, kill, killpg};
use nix::unistd::Pid;
use seccompiler::SeccompAction;
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::os::unix::process::CommandExt;
use std::process::Stdio;
use std::time::{Duration, SystemTime};
use tempfile::TempDir;

/// Programs that run, or are compiled, for ever, and words that stand in the command
/// line meanwhile.
const NEVER_END: [(&str, &[&str]); 2] = [
    ("busy_loop", &["target/lab/wait-for-me/debug/threads"]),
    (
        "endless_macro",
        &["rustc", "wait-for-me/src/bin/threads.rs"],
    ),
];

#[test]
fn nothing_outlives_the_checker() -> Result {
    let lab = SOLVED.sibling()?;
    for (program, words) in NEVER_END {
        lab.put(
            &format!("tests/command_line/programs/{program}.rs"),
            "threads",
        )?;
        // By a signal that it cannot handle, and by Ctrl-C.
        for signal in [Signal::SIGKILL, Signal::SIGINT] {
            let mark = Mark::new()?;
            let mut command = lab.command("check wait-for-me --bin threads");
            mark.put_on(&mut command);
            // In a group of its own, as from a shell.
            let command = command.process_group(0).stdin(Stdio::null());
            let mut checker = command
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()?;
            let is_it = |line: &String| words.iter().all(|word| line.contains(word));
            mark.wait_until(|bearers| bearers.iter().any(is_it));
            let pid = Pid::from_raw(checker.id().cast_signed());
            match signal {
                Signal::SIGINT => killpg(pid, signal)?,
                _ => kill(pid, signal)?,
            }
            assert!(!checker.wait()?.success());
            mark.wait_until(<[String]>::is_empty);
        }
    }
    // It is killed when it begins to trace: its child is there, and is not traced yet.
    let mark = Mark::new()?;
    let mut command = lab.command("check wait-for-me --bin threads");
    mark.put_on(&mut command);
    let command = answer(&mut command, libc::SYS_ptrace, SeccompAction::KillProcess);
    let command = command.stdout(Stdio::null()).stderr(Stdio::null());
    assert_eq!(command.status()?.code(), None);
    mark.wait_until(<[String]>::is_empty);
    Ok(())
}

/// A killed checker leaves a folder behind. The next checker removes it, once it is unused.
#[test]
fn what_a_killed_checker_has_left_is_removed() -> Result {
    let temporary = TempDir::new()?;
    let day = Duration::from_secs(24 * 60 * 60);
    for (name, age) in [
        ("cargo-lab-run-of-yesterday", day),
        ("cargo-lab-run-of-just-now", Duration::ZERO),
        ("lab-report", day),
    ] {
        let folder = temporary.path().join(name);
        fs::create_dir(&folder)?;
        fs::write(folder.join("message.txt"), "Now you see me")?;
        File::open(folder)?.set_modified(SystemTime::now() - age)?;
    }
    let mut command = SOLVED.command("check wait-for-me --bin processes");
    run(command.env("TMPDIR", temporary.path())).ended(0);
    let names = fs::read_dir(&temporary)?.map(|entry| Some(entry.ok()?.file_name()));
    let left = names.collect::<Option<BTreeSet<_>>>().ok_or("a name")?;
    let kept = ["cargo-lab-run-of-just-now", "lab-report"];
    assert!(left.iter().eq(&kept), "{left:?}");
    Ok(())
}
