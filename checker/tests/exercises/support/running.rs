//! Running a program to its end, with a limit, and seeing to it that nothing of
//! it is left.

use crate::interrupt::heed_interrupts;
use nix::errno::Errno;
use nix::sys::prctl::set_child_subreaper;
use nix::sys::signal::{Signal, killpg};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;
use std::fmt;
use std::io::{ErrorKind, Read};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Once;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};
use wait_timeout::ChildExt;

/// Far more than any program takes, also on a busy machine.
const LIMIT: Duration = Duration::from_secs(120);

/// A program that has ended.
pub(crate) struct Finished {
    pub(crate) status: ExitStatus,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: Vec<u8>,
}

impl Finished {
    #[track_caller]
    pub(crate) fn stdout(&self) -> &str {
        str::from_utf8(&self.stdout).expect("UTF-8")
    }

    #[track_caller]
    pub(crate) fn stderr(&self) -> &str {
        str::from_utf8(&self.stderr).expect("UTF-8")
    }

    /// It did what it was asked to, without a word on standard error.
    #[track_caller]
    pub(crate) fn succeeded(self) -> Self {
        assert!(self.status.success() && self.stderr.is_empty(), "{self:?}");
        self
    }

    /// It ended with this exit status, printed no result and no panic, and reported
    /// the failure with all of these words: in one line, or with the usage in a second
    /// one. A child process that fails reports in a line of its own.
    #[track_caller]
    pub(crate) fn failed(&self, exit_status: i32, words: &[&str]) {
        assert_eq!(self.status.code(), Some(exit_status), "{self:?}");
        assert!(self.stdout.is_empty(), "{self:?}");
        let message = self.stderr();
        for line in message.lines() {
            let is_usage = exit_status == 2 && line.starts_with("usage: ");
            assert!(line.starts_with("Error: ") || is_usage, "{self:?}");
        }
        for word in words {
            assert!(message.contains(word), "'{word}' is missing: {self:?}");
        }
    }
}

impl fmt::Debug for Finished {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Finished")
            .field("status", &self.status)
            .field("stdout", &String::from_utf8_lossy(&self.stdout))
            .field("stderr", &String::from_utf8_lossy(&self.stderr))
            .finish()
    }
}

/// A program that runs, in a process group of its own.
pub(crate) struct Running {
    child: Child,
    stdout: Option<JoinHandle<Vec<u8>>>,
    stderr: Option<JoinHandle<Vec<u8>>>,
    leaves_a_child: bool,
}

/// Runs it to its end. Standard output is a pipe, unless the command says
/// otherwise by [`start_with`].
#[track_caller]
pub(crate) fn run(command: &mut Command) -> Finished {
    start(command).finish()
}

/// Runs a program with these arguments to its end.
#[track_caller]
pub(crate) fn run_with(program: &std::path::Path, args: &[&str]) -> Finished {
    run(Command::new(program).args(args))
}

#[track_caller]
pub(crate) fn start(command: &mut Command) -> Running {
    start_with(command, Stdio::piped())
}

#[track_caller]
pub(crate) fn start_with(command: &mut Command, stdout: impl Into<Stdio>) -> Running {
    // Orphans become children of this process, which can then see whether there
    // are any, whatever else is on the machine.
    static ADOPT_ORPHANS: Once = Once::new();
    ADOPT_ORPHANS.call_once(|| set_child_subreaper(true).expect("PR_SET_CHILD_SUBREAPER"));

    // Users may ask for backtraces. They are not for errors.
    command.env("RUST_BACKTRACE", "1");
    let command = command.stdin(Stdio::null()).stdout(stdout);
    let command = command.stderr(Stdio::piped()).process_group(0);
    let mut child = heed_interrupts(command)
        .spawn()
        .expect("the program starts");
    let stdout = child.stdout.take().map(read_in_background);
    let stderr = child.stderr.take().map(read_in_background);
    Running {
        child,
        stdout,
        stderr,
        leaves_a_child: false,
    }
}

pub(crate) fn read_in_background(mut stream: impl Read + Send + 'static) -> JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        match stream.read_to_end(&mut bytes) {
            Ok(_) => {}
            // A terminal reports in this way that no process has it open.
            Err(error) if error.raw_os_error() == Some(libc::EIO) => {}
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => panic!("{error}"),
        }
        bytes
    })
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
            let children = std::fs::read_to_string(&children).ok()?;
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
        self.ended(status)
    }

    /// Collects what is left of a program that was waited for already.
    #[track_caller]
    pub(crate) fn ended(self, status: ExitStatus) -> Finished {
        self.assert_nothing_left(status);
        let collect = |stream: Option<JoinHandle<Vec<u8>>>| {
            stream.map_or_else(Vec::new, |thread| thread.join().expect("a stream"))
        };
        Finished {
            status,
            stdout: collect(self.stdout),
            stderr: collect(self.stderr),
        }
    }

    #[track_caller]
    fn assert_nothing_left(&self, status: ExitStatus) {
        let group = Pid::from_raw(-self.pid().as_raw());
        let reap_one = || waitpid(group, Some(WaitPidFlag::WNOHANG));
        if status.signal().is_some() {
            // A killed program cannot clean up. The kernel ends its children soon.
            wait_until("no child is left", || {
                (reap_one() == Err(Errno::ECHILD)).then_some(())
            });
            return;
        }
        if self.leaves_a_child {
            let left = waitpid(group, None);
            // It ends itself where its parent has ended before it could ask the kernel to
            // kill it.
            let has_ended = matches!(
                left,
                Ok(WaitStatus::Signaled(_, Signal::SIGKILL, _) | WaitStatus::Exited(_, 1))
            );
            assert!(has_ended, "no child was left: {left:?}");
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
