//! Running a program to its end, with a limit, and seeing to it that nothing of
//! it is left.

use crate::interrupt::heed_interrupts;
use nix::errno::Errno;
use nix::pty::openpty;
use nix::sys::prctl::set_child_subreaper;
use nix::sys::signal::{Signal, killpg};
use nix::sys::wait::{WaitPidFlag, waitpid};
use nix::unistd::Pid;
use std::fs::{self, File};
use std::io::Read;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};
use wait_timeout::ChildExt;

/// Far more than any program takes, also on a busy machine.
const LIMIT: Duration = Duration::from_secs(120);

/// A program that has ended.
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) status: ExitStatus,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Finished {
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
    pub(crate) fn failed(&self, exit_status: i32, words: &[&str]) {
        assert_eq!(self.status.code(), Some(exit_status), "{self:?}");
        assert!(self.stdout.is_empty(), "{self:?}");
        for line in self.stderr.lines() {
            let is_usage = exit_status == 2 && line.starts_with("usage: ");
            assert!(line.starts_with("Error: ") || is_usage, "{self:?}");
        }
        for word in words {
            assert!(self.stderr.contains(word), "'{word}' is missing: {self:?}");
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

/// A program that runs, in a process group of its own.
pub(crate) struct Running {
    child: Child,
    leaves_a_child: bool,
}

/// Runs it to its end, with a pipe as its standard output.
#[track_caller]
pub(crate) fn run(command: &mut Command) -> Finished {
    start(command).finish()
}

/// Runs it to its end, with a terminal as its standard output.
#[track_caller]
pub(crate) fn run_in_terminal(command: &mut Command) -> Finished {
    let terminal = openpty(None, None).expect("a pseudo-terminal");
    let running = start_with(command, terminal.slave);
    // The command still holds its end of the terminal: let go of it.
    command.stdout(Stdio::null());
    let screen = thread::spawn(|| {
        let mut shown = Vec::new();
        // Reading fails when no process has the terminal open.
        let _ = File::from(terminal.master).read_to_end(&mut shown);
        String::from_utf8(shown).expect("UTF-8")
    });
    let mut finished = running.finish();
    finished.stdout = screen.join().expect("the screen");
    finished
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
    Running {
        child: heed_interrupts(command)
            .spawn()
            .expect("the program starts"),
        leaves_a_child: false,
    }
}

impl Running {
    pub(crate) fn pid(&self) -> Pid {
        Pid::from_raw(self.child.id().cast_signed())
    }

    /// The program does not wait for its one child, which the kernel kills with it.
    pub(crate) fn leaving_a_child(mut self) -> Self {
        self.leaves_a_child = true;
        self
    }

    /// Waits until the program has a child, and returns which.
    #[track_caller]
    pub(crate) fn first_child(&self) -> Pid {
        let pid = self.pid();
        let children = format!("/proc/{pid}/task/{pid}/children");
        wait_until("the program has a child", || {
            let children = fs::read_to_string(&children).ok()?;
            let first = children.split_whitespace().next()?.parse().ok()?;
            Some(Pid::from_raw(first))
        })
    }

    #[track_caller]
    pub(crate) fn finish(mut self) -> Finished {
        let Some(status) = self.child.wait_timeout(LIMIT).expect("a child") else {
            let _ = killpg(self.pid(), Signal::SIGKILL);
            panic!("still running after {LIMIT:?}");
        };
        self.assert_nothing_left(status);
        // Programs print so little that it fits into a pipe.
        let mut finished = Finished {
            status,
            stdout: String::new(),
            stderr: String::new(),
        };
        if let Some(mut stdout) = self.child.stdout {
            stdout.read_to_string(&mut finished.stdout).expect("UTF-8");
        }
        let mut stderr = self.child.stderr.expect("a pipe");
        stderr.read_to_string(&mut finished.stderr).expect("UTF-8");
        finished
    }

    #[track_caller]
    fn assert_nothing_left(&self, status: ExitStatus) {
        let group = Pid::from_raw(-self.pid().as_raw());
        let reap_one = || waitpid(group, Some(WaitPidFlag::WNOHANG));
        if status.signal().is_some() || self.leaves_a_child {
            // A killed program cannot clean up. The kernel ends its children soon.
            wait_until("no child is left", || {
                (reap_one() == Err(Errno::ECHILD)).then_some(())
            });
        }
        let left = reap_one();
        if left != Err(Errno::ECHILD) {
            let _ = killpg(self.pid(), Signal::SIGKILL);
            panic!("a child is left when the program ends: {left:?}");
        }
    }
}

/// Waits for something that is bound to happen and can only be asked for.
#[track_caller]
fn wait_until<T>(what: &str, condition: impl Fn() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(value) = condition() {
            return value;
        }
        assert!(start.elapsed() < LIMIT, "not even after {LIMIT:?}: {what}");
        thread::sleep(Duration::from_millis(1));
    }
}
