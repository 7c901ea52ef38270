//! The description of a run.

use crate::memory::{Pattern, Patterns};
use crate::observed::Observed;
use crate::tracer::Tracer;
use nix::sys::signal::Signal;
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use std::{path, thread};

/// A program, its settings, and the requested observations.
#[derive(Debug)]
pub struct Run {
    /// Its folder applies only without the jail. In the jail, its variables are set in addition to
    /// the default ones.
    pub(crate) command: Command,
    pub(crate) is_jailed: bool,
    /// The files that a restricted command may read and write, or that a jailed program may use
    /// besides its folder.
    pub(crate) paths: Option<(Vec<PathBuf>, Vec<PathBuf>)>,
    pub(crate) schedule: Schedule,
    pub(crate) faults: BTreeMap<Vec<usize>, Fault>,
    pub(crate) patterns: Patterns,
    /// A text to find in the files of a worker that ends, and its replacement, if there is one.
    pub(crate) text: Option<(Vec<u8>, Vec<u8>)>,
    pub(crate) replaces_early: bool,
    pub(crate) is_observed: bool,
    pub(crate) watches_waits: bool,
    pub(crate) watches_shared_memory: bool,
    pub(crate) limits: Limits,
}

/// The order in which tasks run. A worker is a task that the program creates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Schedule {
    /// The system decides.
    Free,
    /// The system decides, but the engine skips the sleeps in which nothing else can happen. And
    /// before a task calls `pause(2)`, all its descendants run until they have ended or wait.
    WithoutSleeps,
    /// The creator of a worker continues when all tasks that it has created, and their
    /// descendants, have ended, wait for other tasks, or have polled for long. A task that wakes one
    /// of its descendants is held in the same way.
    WorkersFirst,
    /// These workers and their descendants run only while all other tasks wait, or have polled
    /// for long. Workers are named by their [lineage](crate::TaskRecord::lineage). An empty list
    /// means all workers.
    WorkersLast(Vec<Vec<usize>>),
    /// This worker, a process, runs first, and ends last: its creator continues when only the
    /// end of the worker remains, or when all its descendants wait or only poll. The worker ends
    /// only while all other tasks wait.
    EndsLast(Vec<usize>),
}

/// A fault that makes a child process fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A signal kills it at its birth.
    KilledAtBirth(Signal),
    /// A signal kills it instead of its normal end. If the signal's default action is to dump
    /// core, `signal(7)`, the wait status says that there is a core file.
    KilledAtEnd(Signal),
    /// It ends with this exit status instead of its own.
    Exits(u8),
    /// SIGSTOP stops it at its birth. It continues when all other tasks wait, or half a second
    /// later.
    Stopped,
}

/// The limits of a run. A run that exceeds a limit is killed.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Wall-clock time from the start to the end. The time in which the engine holds a worker
    /// back does not count (up to 40 s), nor does the time in which a task waits for a CPU (up to
    /// 60 s).
    pub time: Duration,
    /// CPU time of all tasks together. The time in which the engine holds a worker back is added to
    /// this limit.
    pub cpu_time: Duration,
    /// Bytes of standard output, and of standard error.
    pub output_bytes: usize,
    /// Created threads and processes, without the first one.
    pub tasks: usize,
    /// The largest file that the run may write, in bytes.
    pub file_bytes: Option<u64>,
    /// The size of all files in its folder, in bytes.
    pub folder_bytes: u64,
    /// Files and folders in its folder.
    pub folder_entries: usize,
    /// The private writable memory of each process, in bytes: `RLIMIT_DATA`.
    pub process_bytes: u64,
    /// The memory that all its processes use together, in bytes.
    pub memory_bytes: u64,
}

impl Default for Limits {
    /// 10 s on the clock and 15 s on the CPUs, 1 MiB of output, 600 tasks, files of
    /// 16 MiB, 32 MiB and 500 entries in all, 4 GiB for a process, 2 GiB in use.
    fn default() -> Self {
        Self {
            time: Duration::from_secs(10),
            cpu_time: Duration::from_secs(15),
            output_bytes: 1 << 20,
            tasks: 600,
            file_bytes: Some(16 << 20),
            folder_bytes: 32 << 20,
            folder_entries: 500,
            process_bytes: 4 << 30,
            memory_bytes: 2 << 30,
        }
    }
}

/// Why a run could not be observed. It says nothing about the program.
#[derive(Debug)]
pub enum Error {
    /// The system does not let this process trace others.
    TracingRefused {
        /// The system's error.
        source: io::Error,
    },
    /// The program cannot be started.
    Start {
        /// The path of the program.
        program: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// The system refused an operation of the engine or of the program.
    Os {
        /// The refused operation.
        action: &'static str,
        /// The system's error.
        source: io::Error,
    },
    /// A process outside the run killed a task.
    Killed,
    /// A bug in the engine.
    Panicked,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TracingRefused { .. } => f.write_str("tracing (ptrace) is not allowed here"),
            Self::Start { program, .. } => write!(f, "cannot start {}", program.display()),
            Self::Os { action, .. } => write!(f, "cannot {action}"),
            Self::Killed => f.write_str(
                "something outside the run killed a task of it: the kernel does so when memory \
                 runs out",
            ),
            Self::Panicked => f.write_str("the engine panicked"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::TracingRefused { source }
            | Self::Start { source, .. }
            | Self::Os { source, .. } => Some(source),
            Self::Killed | Self::Panicked => None,
        }
    }
}

impl Error {
    pub(crate) fn os(action: &'static str, source: impl Into<io::Error>) -> Self {
        let source = source.into();
        Self::Os { action, source }
    }
}

/// Turns an error of the system into an [`Error`].
pub(crate) trait OrCannot<T> {
    fn or_cannot(self, action: &'static str) -> Result<T, Error>;
}

impl<T, E: Into<io::Error>> OrCannot<T> for Result<T, E> {
    fn or_cannot(self, action: &'static str) -> Result<T, Error> {
        self.map_err(|error| Error::os(action, error))
    }
}

impl Run {
    /// Creates a run of this program in a jail. It has no arguments, the default limits and the
    /// system's schedule.
    pub fn new(program: impl AsRef<Path>) -> Self {
        let path = path::absolute(&program).unwrap_or_else(|_| program.as_ref().into());
        Self {
            is_jailed: true,
            ..Self::of_command(Command::new(path))
        }
    }

    /// Creates a run of a trusted command, such as a compiler. It has no jail, and the command
    /// sets its folder and environment. It reads no input.
    #[must_use]
    pub fn of_command(command: Command) -> Self {
        Self {
            command,
            is_jailed: false,
            paths: None,
            schedule: Schedule::Free,
            faults: BTreeMap::new(),
            patterns: Patterns::default(),
            text: None,
            replaces_early: false,
            is_observed: true,
            watches_waits: false,
            watches_shared_memory: false,
            limits: Limits::default(),
        }
    }

    /// Sets an environment variable of a jailed program.
    #[must_use]
    pub fn variable(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Restricts the files of a command that handles untrusted data. It may read the first list
    /// and write the second, besides the files that every program reads. A jailed program may
    /// use both besides its jail's files. Without Landlock, there is no restriction.
    #[must_use]
    pub fn within(self, read: Vec<PathBuf>, write: Vec<PathBuf>) -> Self {
        let paths = Some((read, write));
        Self { paths, ..self }
    }

    /// Adds arguments.
    #[must_use]
    pub fn args(mut self, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Self {
        self.command.args(args);
        self
    }

    /// Returns its arguments.
    pub fn get_args(&self) -> impl Iterator<Item = &OsStr> {
        self.command.get_args()
    }

    /// Sets the order in which tasks run.
    #[must_use]
    pub fn schedule(self, schedule: Schedule) -> Self {
        Self { schedule, ..self }
    }

    /// Returns the schedule.
    #[must_use]
    pub fn get_schedule(&self) -> &Schedule {
        &self.schedule
    }

    /// Injects a fault into the process with this [lineage](crate::TaskRecord::lineage).
    #[must_use]
    pub fn inject(mut self, process: impl Into<Vec<usize>>, fault: Fault) -> Self {
        self.faults.insert(process.into(), fault);
        self
    }

    /// Returns the injected faults, by the lineages of the processes.
    #[must_use]
    pub fn faults(&self) -> &BTreeMap<Vec<usize>, Fault> {
        &self.faults
    }

    /// Finds patterns in the memory that each worker changes, and replaces them before
    /// another task can read them. This needs a schedule other than the system's.
    #[must_use]
    pub fn patterns(self, patterns: Vec<Pattern>) -> Self {
        let patterns = Patterns::new(patterns);
        Self { patterns, ..self }
    }

    /// At the end of each child process, finds files with this text. Replaces the text by
    /// another one of the same length before another task learns of the end. An empty
    /// replacement changes nothing.
    #[must_use]
    pub fn text(self, text: impl Into<Vec<u8>>, replacement: impl Into<Vec<u8>>) -> Self {
        let text = Some((text.into(), replacement.into()));
        Self { text, ..self }
    }

    /// Also replaces the text earlier: whenever a task is held, or a worker stops at a system
    /// call or by a stopping signal.
    #[must_use]
    pub fn replace_early(mut self) -> Self {
        self.replaces_early = true;
        self
    }

    /// Only enforces the jail and the limits. The engine then records births and ends, but no
    /// waits, and not when a task began to end. This halves the time of a program that creates
    /// many tasks.
    #[must_use]
    pub fn unobserved(mut self) -> Self {
        self.is_observed = false;
        self
    }

    /// Records every waiting call, which is slow if there are many, and the names of the tasks
    /// that are killed or have not ended.
    #[must_use]
    pub fn watch_waits(mut self) -> Self {
        self.watches_waits = true;
        self
    }

    /// At the end of each process, reads its shared memory.
    #[must_use]
    pub fn watch_shared_memory(mut self) -> Self {
        self.watches_shared_memory = true;
        self
    }

    /// Sets its limits.
    #[must_use]
    pub fn limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// Runs the program to its end, or to a limit. No task of the run remains afterwards, even
    /// if this process is killed.
    ///
    /// # Errors
    ///
    /// The machine does not allow the program to be started, traced or run.
    pub fn observe(&self) -> Result<Observed, Error> {
        // A new thread traces nothing else, so it waits only for tasks of the run.
        thread::scope(|scope| {
            let observe = || Tracer::start(self)?.run();
            let thread = thread::Builder::new().spawn_scoped(scope, observe);
            let thread = thread.or_cannot("start a thread")?;
            thread.join().map_err(|_| Error::Panicked)?
        })
    }
}
