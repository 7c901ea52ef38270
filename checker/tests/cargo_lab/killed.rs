//! The checker is ended while it is at work.

use super::hostile::PROGRAMS;
use super::lab::SOLVED;
use super::survivors::Mark;
use super::untraced::answer;
use crate::support::{Folder, Result, run};
use nix::sys::signal::{Signal, kill, killpg};
use nix::unistd::Pid;
use seccompiler::SeccompAction;
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::os::unix::process::CommandExt;
use std::process::Stdio;
use std::time::{Duration, SystemTime};

/// Programs that run, or are compiled, for ever, and a word that stands in the command line
/// meanwhile.
const NEVER_END: [(&str, &str); 2] = [
    ("busy_loop", "target/lab/wait-for-me/debug/threads"),
    ("endless_macro", "wait-for-me/src/bin/threads.rs"),
];

#[test]
fn nothing_outlives_the_checker() -> Result {
    let lab = SOLVED.sibling()?;
    let check = |mark: &Mark| {
        let mut command = lab.command("check wait-for-me threads");
        mark.put_on(&mut command);
        command.stdin(Stdio::null()).stdout(Stdio::null());
        command.stderr(Stdio::null());
        command
    };
    for (program, word) in NEVER_END {
        lab.put(&format!("{PROGRAMS}/{program}.rs"), "threads")?;
        // By a signal that it cannot handle, and by Ctrl-C.
        for signal in [Signal::SIGKILL, Signal::SIGINT] {
            let mark = Mark::new()?;
            // In a group of its own, as from a shell.
            let mut checker = check(&mark).process_group(0).spawn()?;
            mark.wait_until(|bearers| bearers.iter().any(|line| line.contains(word)));
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
    let mut command = check(&mark);
    let command = answer(&mut command, libc::SYS_ptrace, SeccompAction::KillProcess);
    assert_eq!(command.status()?.code(), None);
    mark.wait_until(<[String]>::is_empty);
    Ok(())
}

/// A killed checker leaves a folder behind. The next checker removes it, once it is unused.
#[test]
fn what_a_killed_checker_has_left_is_removed() -> Result {
    let temporary = Folder::new()?;
    let day = Duration::from_secs(24 * 60 * 60);
    for (name, age) in [
        ("cargo-lab-run-of-yesterday", day),
        ("cargo-lab-run-of-just-now", Duration::ZERO),
        ("lab-report", day),
    ] {
        temporary.write(format!("{name}/message.txt"), "Now you see me")?;
        File::open(temporary.path(name))?.set_modified(SystemTime::now() - age)?;
    }
    let mut command = SOLVED.command("check wait-for-me processes");
    run(command.env("TMPDIR", temporary.path(""))).ended(0);
    let names = fs::read_dir(temporary.path(""))?.map(|entry| Some(entry.ok()?.file_name()));
    let left = names.collect::<Option<BTreeSet<_>>>().ok_or("a name")?;
    let kept = ["cargo-lab-run-of-just-now", "lab-report"];
    assert!(left.iter().eq(&kept), "{left:?}");
    Ok(())
}
