//! `cargo lab` where tracing is not allowed.

use super::hostile::{SOLVED, check_with, put};
use super::killed::{NEVER_END, end_while};
use nix::sys::signal::{Signal, kill};
use seccompiler::{BpfProgram, SeccompAction, SeccompFilter};
use serde_json::Value;
use std::collections::BTreeMap;
use std::env::consts::ARCH;
use std::error::Error;
use std::io;
use std::os::unix::process::CommandExt;
use std::process::Command;

/// Starts a command on a system that answers EPERM to `ptrace`, as a container may.
fn refuse_ptrace(command: &mut Command) {
    let filter = || -> Result<BpfProgram, seccompiler::BackendError> {
        let rules = BTreeMap::from([(libc::SYS_ptrace, Vec::new())]);
        let refused = SeccompAction::Errno(libc::EPERM.cast_unsigned());
        SeccompFilter::new(rules, SeccompAction::Allow, refused, ARCH.try_into()?)?.try_into()
    };
    let filter = filter().expect("a filter");
    let refuse = move || seccompiler::apply_filter(&filter).map_err(io::Error::other);
    // SAFETY: it makes system calls only, if it does not fail.
    unsafe { command.pre_exec(refuse) };
}

#[test]
fn solutions_pass_and_the_report_says_that_it_is_weaker() -> Result<(), Box<dyn Error>> {
    let lab = SOLVED.sibling()?;
    let mut command = lab.command(&["check", "--solutions", "--format", "json"]);
    refuse_ptrace(&mut command);
    let output = command.output()?;
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let report: Value = serde_json::from_slice(&output.stdout)?;
    let tasks = report["tasks"].as_array().ok_or("tasks")?;
    assert_eq!((&report["score"], tasks.len()), (&100.into(), 10));
    for task in tasks {
        assert_eq!(task["judged_by"], "output", "{task:#}");
    }

    let mut command = lab.command(&["check", "--solutions", "wait-for-me"]);
    refuse_ptrace(&mut command);
    let text = String::from_utf8(command.output()?.stdout)?;
    let remark = "judged by output only, a weaker verdict: tracing (ptrace) is not allowed";
    assert_eq!(text.matches(remark).count(), 1, "{text}");
    Ok(())
}

#[test]
fn the_doctor_says_what_to_do() -> Result<(), Box<dyn Error>> {
    let mut command = SOLVED.command(&["doctor"]);
    refuse_ptrace(&mut command);
    let text = String::from_utf8(command.output()?.stdout)?;
    assert!(text.contains("SYS_PTRACE"), "{text}");
    Ok(())
}

#[test]
fn hostile_programs_are_ended_without_tracing_too() -> Result<(), Box<dyn Error>> {
    let lab = SOLVED.sibling()?;
    for (program, binary, verdict) in [
        (
            "command_line/programs/endless_macro.rs",
            "threads",
            "does-not-compile",
        ),
        (
            "command_line/programs/endless_output.rs",
            "threads",
            "too-much-output",
        ),
        ("engine/programs/orphan.rs", "processes", "left-running"),
    ] {
        check_with(&lab, program, binary, verdict, refuse_ptrace)?;
    }
    Ok(())
}

#[test]
fn nothing_outlives_the_checker_without_tracing_too() -> Result<(), Box<dyn Error>> {
    let lab = SOLVED.sibling()?;
    for (program, words) in NEVER_END {
        put(&lab, program, "threads")?;
        let end = |checker| kill(checker, Signal::SIGKILL);
        end_while(&lab, &words, refuse_ptrace, end)?;
    }
    Ok(())
}
