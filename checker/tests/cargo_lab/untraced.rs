//! `cargo lab` where tracing is not allowed.

use super::lab::SOLVED;
use crate::support::{Ran, Result, assert_lacks, run};
use nix::errno::Errno;
use seccompiler::{BpfProgram, SeccompAction, SeccompFilter};
use std::collections::BTreeMap;
use std::env::consts::ARCH;
use std::io;
use std::os::unix::process::CommandExt;
use std::process::Command;

/// Runs `cargo lab` on a system that answers `ptrace` with an error: EPERM as a container
/// may, ENOSYS as an emulator of another architecture does.
fn run_refused(args: &str, errno: Errno) -> io::Result<Ran> {
    let lab = SOLVED.sibling()?;
    let mut command = lab.command(args);
    let refused = SeccompAction::Errno(errno as u32);
    Ok(run(answer(&mut command, libc::SYS_ptrace, refused)))
}

/// Answers a system call of a command in this way.
pub(super) fn answer(command: &mut Command, call: i64, action: SeccompAction) -> &mut Command {
    let filter = || -> Result<BpfProgram, seccompiler::BackendError> {
        let rules = BTreeMap::from([(call, Vec::new())]);
        SeccompFilter::new(rules, SeccompAction::Allow, action, ARCH.try_into()?)?.try_into()
    };
    let filter = filter().expect("a filter");
    let apply = move || seccompiler::apply_filter(&filter).map_err(io::Error::other);
    // SAFETY: it makes system calls only, if it does not fail.
    unsafe { command.pre_exec(apply) }
}

/// If tracing is refused, no check earns points.
#[test]
fn nothing_is_judged() -> Result {
    let ran = run_refused("check --solutions --format json", Errno::EPERM)?.ended(2);
    let report = ran.json()?;
    let tasks = report["tasks"].as_array().ok_or("tasks")?;
    assert_eq!(report["score"], 0);
    assert_eq!(report["max_score"], 100);
    assert_eq!(tasks.len(), 12);
    for task in tasks {
        assert_eq!(task["status"], "error", "{task:#}");
        assert_eq!(task["checks"][0]["verdict"], "environment", "{task:#}");
    }
    let ran = run_refused("check wait-for-me", Errno::EPERM)?;
    let text = ran.stdout.replace('\n', " ");
    assert_eq!(text.matches("--cap-add SYS_PTRACE").count(), 1, "{text}");
    // The doctor says what to do.
    for (errno, advice, other) in [
        (Errno::EPERM, "SYS_PTRACE", "--platform"),
        (Errno::ENOSYS, "--platform", "SYS_PTRACE"),
    ] {
        let ran = run_refused("doctor", errno)?.printed(&[advice]);
        assert_lacks(&ran.stdout, &[other]);
    }
    Ok(())
}
