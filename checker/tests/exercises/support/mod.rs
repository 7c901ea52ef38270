//! What the tests share.

pub(crate) mod conditions;
pub(crate) mod running;

use crate::programs::command;
use engine::{End, Fault, Run};
use nix::sys::signal::Signal;
use running::{Finished, run};
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;

/// Runs `PACKAGE BINARY ARGS` to its end.
#[track_caller]
pub(crate) fn run_line(line: &str) -> Finished {
    run(&mut command(line))
}

/// The result that `PACKAGE BINARY ARGS` prints.
#[track_caller]
pub(crate) fn result(line: &str) -> i64 {
    run_line(line).succeeded().result()
}

/// Runs `PACKAGE BINARY ARGS` to its end. Its child with this number, counted from 0, gets a
/// signal at its birth.
#[track_caller]
pub(crate) fn run_and_kill_child(line: &str, victim: usize, signal: Signal) -> Finished {
    let command = command(line);
    let run = Run::new(command.get_program()).args(command.get_args());
    let run = run.inject(vec![victim], Fault::KilledAtBirth(signal));
    let observed = run.observe().expect("it can be traced");
    let End::Ended(status) = observed.end else {
        panic!("{observed:?}");
    };
    assert!(observed.left_running.is_empty(), "{observed:?}");
    Finished {
        status: ExitStatus::from_raw(status),
        stdout: String::from_utf8_lossy(&observed.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&observed.stderr).into_owned(),
    }
}
