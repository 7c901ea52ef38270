//! Where tracing is not allowed, programs are judged by what they print.

use checker::judge::{Means, Status, Subject, plan};
use checker::mistakes::{self, Mistake, mistakes};
use checker::{Built, Workspace};
use seccompiler::{BpfProgram, SeccompAction, SeccompFilter};
use serde_json::Value;
use std::collections::BTreeMap;
use std::env::consts::ARCH;
use std::error::Error;
use std::io;
use std::os::unix::process::CommandExt;
use std::process::{Command, Output};
use std::thread;

/// `lab`, on a system that answers EPERM to `ptrace`, as a container may.
fn lab_without_ptrace(args: &[&str]) -> Result<Output, Box<dyn Error>> {
    let rules = BTreeMap::from([(libc::SYS_ptrace, Vec::new())]);
    let refused = SeccompAction::Errno(libc::EPERM.cast_unsigned());
    let filter = SeccompFilter::new(rules, SeccompAction::Allow, refused, ARCH.try_into()?)?;
    let filter: BpfProgram = filter.try_into()?;
    let mut command = Command::new(env!("CARGO_BIN_EXE_lab"));
    command.args(args);
    let refuse = move || seccompiler::apply_filter(&filter).map_err(io::Error::other);
    // SAFETY: it makes system calls only, if it does not fail.
    unsafe { command.pre_exec(refuse) };
    Ok(command.output()?)
}

#[test]
fn solutions_pass_and_the_report_says_that_it_is_weaker() -> Result<(), Box<dyn Error>> {
    let output = lab_without_ptrace(&["check", "--solutions", "--format", "json"])?;
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let report: Value = serde_json::from_slice(&output.stdout)?;
    let tasks = report["tasks"].as_array().ok_or("tasks")?;
    assert_eq!((&report["score"], tasks.len()), (&100.into(), 10));
    for task in tasks {
        assert_eq!(task["judged_by"], "output", "{task:#}");
    }

    let output = lab_without_ptrace(&["check", "--solutions", "wait-for-me"])?;
    let text = String::from_utf8(output.stdout)?;
    let remark = "judged by output only, a weaker verdict: tracing (ptrace) is not allowed";
    assert_eq!(text.matches(remark).count(), 1, "{text}");
    Ok(())
}

#[test]
fn the_doctor_says_what_to_do() -> Result<(), Box<dyn Error>> {
    let output = lab_without_ptrace(&["doctor"])?;
    let text = String::from_utf8(output.stdout)?;
    assert!(text.contains("SYS_PTRACE"), "{text}");
    Ok(())
}

/// Whether a program is good enough, judged by its output.
fn passes(built: &Built, mistake: &Mistake) -> Option<bool> {
    let target = mistake.target();
    let subject = Subject {
        package: &mistake.package,
        binary: &mistake.binary,
        command: &target,
    };
    let plan = plan(&mistake.package, &mistake.binary)?;
    let report = plan.judge_by_output(subject, built.programs.get(&target)?);
    assert_eq!(report.judged_by, Means::Output);
    Some(report.status == Status::Passed)
}

/// Right programs pass. Of the wrong ones, those are found that print or leave
/// something that they should not.
#[test]
fn outputs_tell_some_mistakes() -> Result<(), Box<dyn Error>> {
    const FOUND: [&str; 10] = [
        "spawn-without-join",
        "print-then-join",
        "half",
        "twice",
        "panics",
        "other-text",
        "leaves-a-grandchild",
        "bug-removed",
        "says-nothing",
        "exit-code-instead",
    ];
    let workspace = Workspace::locate()?;
    let mut programs = mistakes(&workspace)?;
    let built = mistakes::build(&workspace, "mistakes", &programs)?;
    programs
        .retain(|mistake| mistake.expected == "passed" || FOUND.contains(&mistake.name.as_str()));
    thread::scope(|scope| {
        for mistake in &programs {
            let built = &built;
            scope.spawn(move || {
                let expected = mistake.expected == "passed";
                assert_eq!(passes(built, mistake), Some(expected), "{mistake:?}");
            });
        }
    });
    Ok(())
}
