//! A command that is not observed, but kept together: what it starts ends with it.

use super::capture::Capture;
use super::launch::{os, set_limit, start_traced};
use super::proc::kind_of;
use super::supervised::Supervised;
use super::task::{Stop, go_on, wait_for_any};
use super::ticks::Ticks;
use super::{EngineError, Kind};
use nix::errno::Errno;
use nix::sys::ptrace::{self, Options};
use nix::sys::resource::Resource;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::collections::HashMap;
use std::io;
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// How often it looks at the clock while nothing happens.
const PERIOD_MS: u8 = 50;

/// What a command may use, with all that it starts. What is over is ended.
#[derive(Clone, Copy, Debug)]
pub struct Contained {
    /// How long processes that it has started may be at work, on the clock. While
    /// there are none, it waits for something else: a network, a lock.
    pub work: Duration,
    /// Of standard output, and of standard error, in bytes.
    pub output_bytes: usize,
    /// The memory that each process may write to, in bytes: `RLIMIT_DATA`,
    /// `getrlimit(2)`.
    pub memory_bytes: u64,
}

/// What became of a command.
#[derive(Debug)]
pub struct Outcome {
    /// How it ended.
    pub status: ExitStatus,
    /// What it had used up, if it was ended for that.
    pub over: Option<Over>,
    /// What was written to standard output, up to the limit.
    pub stdout: Vec<u8>,
    /// What was written to standard error, up to the limit.
    pub stderr: Vec<u8>,
}

/// A limit that was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// Of the time at work.
    Work,
    /// Of the output.
    Output,
}

impl Contained {
    /// Runs a command to its end, or to a limit, without standard input. When this
    /// returns, nothing of it is left; nor is it when this process is killed before.
    ///
    /// Where tracing is refused, a supervisor keeps it together.
    ///
    /// # Errors
    ///
    /// When it can't be started.
    pub fn run(self, command: impl Fn() -> Command + Sync) -> Result<Outcome, EngineError> {
        let run = || match self.traced(command()) {
            Err(EngineError::TracingRefused { .. }) => self.untraced(command()),
            outcome => outcome,
        };
        // In a thread that has no other children to wait for.
        thread::scope(|scope| scope.spawn(run).join()).map_err(|_| EngineError::Panicked)?
    }

    fn traced(self, mut command: Command) -> Result<Outcome, EngineError> {
        streams(&mut command);
        let restrict = move || self.restrict();
        let mut child = start_traced(command, restrict, Options::empty())?;
        let (stdout, stderr) = Capture::of(&mut child, self.output_bytes)?;
        let _ticks = Ticks::start(Duration::from_millis(PERIOD_MS.into()))
            .map_err(|errno| os("start a timer")(errno.into()))?;

        let first = Pid::from_raw(child.id().cast_signed());
        let mut alive = HashMap::from([(first, Kind::Process)]);
        let mut status = ExitStatus::default();
        let mut over = None;
        let mut is_over = false;
        let mut work = Duration::ZERO;
        let mut before = Instant::now();
        go_on(first, 0);
        loop {
            match wait_for_any() {
                Ok((task, raw)) => match Stop::of(raw) {
                    Stop::Ended => {
                        alive.remove(&task);
                        if task == first {
                            status = ExitStatus::from_raw(raw);
                            is_over = true;
                        }
                    }
                    Stop::Signal(signal) if alive.contains_key(&task) => go_on(task, signal),
                    // The first stop of a task is its birth.
                    Stop::Signal(_) => {
                        alive.insert(task, kind_of(task));
                        go_on(task, 0);
                    }
                    Stop::Event(libc::PTRACE_EVENT_EXEC) => {
                        // A thread that does it gets the id of its process.
                        let former = ptrace::getevent(task).unwrap_or_default();
                        alive.remove(&Pid::from_raw(i32::try_from(former).unwrap_or_default()));
                        alive.insert(task, Kind::Process);
                        go_on(task, 0);
                    }
                    Stop::Event(_) | Stop::SystemCall => go_on(task, 0),
                },
                Err(Errno::EINTR) => {}
                // Nobody is left.
                Err(Errno::ECHILD) => break,
                Err(errno) => return Err(os("wait for a command")(errno.into())),
            }
            let now = Instant::now();
            let processes = alive.values().filter(|kind| **kind == Kind::Process);
            if processes.count() > 1 {
                work += now - before;
            }
            before = now;
            if !is_over {
                over = if stdout.is_full() || stderr.is_full() {
                    Some(Over::Output)
                } else {
                    Some(Over::Work).filter(|_| work > self.work)
                };
                is_over = over.is_some();
            }
            if is_over {
                // Also those that were about to be born when the others were ended.
                for task in alive.keys() {
                    let _ = kill(*task, Signal::SIGKILL);
                }
            }
        }
        Ok(Outcome {
            status,
            over,
            stdout: stdout.finish(),
            stderr: stderr.finish(),
        })
    }

    fn untraced(self, mut command: Command) -> Result<Outcome, EngineError> {
        streams(&mut command);
        let restrict = move || self.restrict();
        let (command, stdout, stderr) = Supervised::start(command, self.output_bytes, restrict)?;
        let mut work = Duration::ZERO;
        let mut before = Instant::now();
        let over = loop {
            if command.has_ended_within(PERIOD_MS) {
                break Some(Over::Output).filter(|_| stdout.is_full() || stderr.is_full());
            }
            let now = Instant::now();
            if command.tasks().processes > 1 {
                work += now - before;
            }
            before = now;
            if stdout.is_full() || stderr.is_full() {
                break Some(Over::Output);
            } else if work > self.work {
                break Some(Over::Work);
            }
        };
        let ended = command.end()?;
        Ok(Outcome {
            status: ExitStatus::from_raw(ended.status),
            over,
            stdout: stdout.finish(),
            stderr: stderr.finish(),
        })
    }

    fn restrict(self) -> io::Result<()> {
        set_limit(Resource::RLIMIT_DATA, self.memory_bytes)?;
        // A compiler that dies would leave a large core file.
        set_limit(Resource::RLIMIT_CORE, 0)
    }
}

fn streams(command: &mut Command) {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
}
