//! Running a program to its end, with a limit, and seeing to it that nothing of
//! it is left.

use crate::interrupt::heed_interrupts;
use crate::programs::{command, traced};
pub(crate) use crate::support::Ran;
use crate::support::{LIMIT, wait_until};
use engine::{End, Fault};
use nix::errno::Errno;
use nix::sys::prctl::set_child_subreaper;
use nix::sys::signal::{Signal, killpg};
use nix::sys::wait::{WaitPidFlag, waitpid};
use nix::unistd::Pid;
use std::fs;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use wait_timeout::ChildExt;

impl Ran {
    /// It did what it was asked to, without a word on standard error.
    #[track_caller]
    pub(crate) fn succeeded(self) -> Self {
        assert!(self.status.success() && self.stderr.is_empty(), "{self:?}");
        self
    }

    /// It was killed by this signal, and printed nothing.
    #[track_caller]
    pub(crate) fn was_killed_by(&self, signal: Signal) {
        assert_eq!(self.status.signal(), Some(signal as i32), "{self:?}");
        assert!(self.stdout.is_empty() && self.stderr.is_empty(), "{self:?}");
    }

    /// It ended with this exit status, printed no result and no panic, and reported
    /// the failure with all of these words: in one line, or with the usage in a second
    /// one. A child process that fails reports in a line of its own.
    #[track_caller]
    pub(crate) fn failed(self, exit_status: i32, words: &[&str]) {
        let ran = self.ended(exit_status).reported(words);
        assert!(ran.stdout.is_empty(), "{ran:?}");
        for line in ran.stderr.lines() {
            let is_usage = exit_status == 2 && line.starts_with("usage: ");
            assert!(line.starts_with("Error: ") || is_usage, "{ran:?}");
        }
    }

    /// The sum or the counter in the two lines that it printed. Panics if they are
    /// anything else.
    #[track_caller]
    pub(crate) fn result(&self) -> i64 {
        let number = || {
            let (result, time) = self.stdout.strip_suffix(" ms\n")?.split_once('\n')?;
            let (whole, decimals) = time.strip_prefix("Time spent: ")?.split_once('.')?;
            whole.parse::<u64>().ok()?;
            let is_time = decimals.len() == 3 && decimals.parse::<u16>().is_ok();
            is_time.then_some(())?;
            let sum = result.strip_prefix("Array sum is: ");
            sum.or(result.strip_prefix("Counter is: "))?.parse().ok()
        };
        number().unwrap_or_else(|| panic!("no result: {self:?}"))
    }
}

/// Runs `PACKAGE BINARY ARGS` to its end.
#[track_caller]
pub(crate) fn run_line(line: &str) -> Ran {
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
pub(crate) fn run_and_kill_child(line: &str, victim: usize, signal: Signal) -> Ran {
    let run = traced(line).inject([victim], Fault::KilledAtBirth(signal));
    let observed = run.observe().expect("it can be traced");
    let End::Ended(status) = observed.end else {
        panic!("{observed:?}");
    };
    assert!(observed.left_running.is_empty(), "{observed:?}");
    let output = Output {
        status: ExitStatus::from_raw(status),
        stdout: observed.stdout,
        stderr: observed.stderr,
    };
    output.into()
}

/// A program that runs, in a process group of its own.
pub(crate) struct Running(Child);

/// Runs it to its end, with a pipe as its standard output.
#[track_caller]
pub(crate) fn run(command: &mut Command) -> Ran {
    start(command).finish()
}

#[track_caller]
pub(crate) fn start(command: &mut Command) -> Running {
    start_with(command, Stdio::piped())
}

#[track_caller]
pub(crate) fn start_with(command: &mut Command, stdout: impl Into<Stdio>) -> Running {
    // Orphans become children of this process, which can then see whether there
    // are any, whatever else is on the machine.
    set_child_subreaper(true).expect("PR_SET_CHILD_SUBREAPER");
    // Users may ask for backtraces. They are not for errors.
    command.env("RUST_BACKTRACE", "1");
    let command = command.stdin(Stdio::null()).stdout(stdout);
    let command = command.stderr(Stdio::piped()).process_group(0);
    Running(heed_interrupts(command).spawn().expect("it starts"))
}

impl Running {
    pub(crate) fn pid(&self) -> Pid {
        Pid::from_raw(self.0.id().cast_signed())
    }

    /// Waits until the program has a child, and returns which.
    #[track_caller]
    pub(crate) fn first_child(&self) -> Pid {
        let pid = self.pid();
        let children = format!("/proc/{pid}/task/{pid}/children");
        wait_until(|| {
            let children = fs::read_to_string(&children).unwrap_or_default();
            let first = children.split_whitespace().next().ok_or("no child")?;
            first.parse().map(Pid::from_raw).map_err(|_| "no number")
        })
    }

    #[track_caller]
    pub(crate) fn finish(self) -> Ran {
        self.end(false)
    }

    /// The program does not wait for its one child, which the kernel kills with it.
    #[track_caller]
    pub(crate) fn finish_with_a_child(self) -> Ran {
        self.end(true)
    }

    #[track_caller]
    fn end(mut self, leaves_a_child: bool) -> Ran {
        let group = self.pid();
        let status = self.0.wait_timeout(LIMIT).expect("a child");
        let reap_one = || waitpid(Pid::from_raw(-group.as_raw()), Some(WaitPidFlag::WNOHANG));
        let is_over = |left| left == Err(Errno::ECHILD);
        if leaves_a_child || status.is_some_and(|status| status.signal().is_some()) {
            // A killed program cannot clean up. The kernel ends its children soon.
            wait_until(|| is_over(reap_one()).then_some(()).ok_or("a child"));
        }
        if status.is_none() || !is_over(reap_one()) {
            let _ = killpg(group, Signal::SIGKILL);
            panic!("it runs after {LIMIT:?}, or leaves a child: {status:?}");
        }
        // Programs print so little that it fits into a pipe.
        self.0.wait_with_output().expect("what it printed").into()
    }
}
