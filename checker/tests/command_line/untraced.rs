//! `cargo lab` where tracing is not allowed.

use super::hostile::SOLVED;
use nix::errno::Errno;
use seccompiler::{BpfProgram, SeccompAction, SeccompFilter};
use serde_json::Value;
use std::collections::BTreeMap;
use std::env::consts::ARCH;
use std::error::Error;
use std::io;
use std::os::unix::process::CommandExt;
use std::process::{Command, Output};

/// Runs `cargo lab` on a system that answers `ptrace` with an error: EPERM as a container
/// may, ENOSYS as an emulator of another architecture does.
fn run_refused(args: &[&str], errno: Errno) -> io::Result<Output> {
    let lab = SOLVED.sibling()?;
    let mut command = lab.command(args);
    refuse(&mut command, libc::SYS_ptrace, errno).output()
}

/// Answers a system call of a command with an error.
pub(super) fn refuse(command: &mut Command, call: i64, errno: Errno) -> &mut Command {
    let filter = || -> Result<BpfProgram, seccompiler::BackendError> {
        let rules = BTreeMap::from([(call, Vec::new())]);
        let refused = SeccompAction::Errno((errno as i32).cast_unsigned());
        SeccompFilter::new(rules, SeccompAction::Allow, refused, ARCH.try_into()?)?.try_into()
    };
    let filter = filter().expect("a filter");
    let refuse = move || seccompiler::apply_filter(&filter).map_err(io::Error::other);
    // SAFETY: it makes system calls only, if it does not fail.
    unsafe { command.pre_exec(refuse) }
}

/// If tracing is refused, no check earns points.
#[test]
fn nothing_is_judged() -> Result<(), Box<dyn Error>> {
    let args = ["check", "--solutions", "--format", "json"];
    let output = run_refused(&args, Errno::EPERM)?;
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    let report: Value = serde_json::from_slice(&output.stdout)?;
    let tasks = report["tasks"].as_array().ok_or("tasks")?;
    assert_eq!(
        (&report["score"], &report["max_score"]),
        (&0.into(), &100.into())
    );
    assert_eq!(tasks.len(), 12);
    for task in tasks {
        assert_eq!(task["status"], "error", "{task:#}");
        assert_eq!(task["checks"][0]["verdict"], "environment", "{task:#}");
    }

    let output = run_refused(&["check", "wait-for-me"], Errno::EPERM)?;
    let text = String::from_utf8(output.stdout)?.replace('\n', " ");
    assert_eq!(text.matches("--cap-add SYS_PTRACE").count(), 1, "{text}");
    Ok(())
}

#[test]
fn the_doctor_says_what_to_do() -> Result<(), Box<dyn Error>> {
    for (errno, advice, other) in [
        (Errno::EPERM, "SYS_PTRACE", "--platform"),
        (Errno::ENOSYS, "--platform", "SYS_PTRACE"),
    ] {
        let output = run_refused(&["doctor"], errno)?;
        let text = String::from_utf8(output.stdout)?;
        assert!(text.contains(advice), "{text}");
        assert!(!text.contains(other), "{text}");
    }
    Ok(())
}
