//! A run that is about to be observed.

use crate::memory::Pattern;
use crate::observed::Observed;
use crate::tracer::Tracer;
use nix::sys::signal::Signal;
use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use std::{path, thread};

/// A program, how to run it, and what to look at.
#[derive(Debug)]
pub struct Run {
    /// Its environment and its folder count only if it is not jailed.
    pub(crate) command: Command,
    pub(crate) is_jailed: bool,
    /// Of a jailed program, besides those of every program.
    pub(crate) variables: Vec<(OsString, OsString)>,
    /// What a command may read and write, if that is restricted; what a jailed program may,
    /// besides its folder.
    pub(crate) paths: Option<(Vec<PathBuf>, Vec<PathBuf>)>,
    pub(crate) schedule: Schedule,
    pub(crate) faults: BTreeMap<usize, Fault>,
    pub(crate) patterns: Vec<Pattern>,
    /// A text in the files of a worker that ends, and what it is replaced by, if at all.
    pub(crate) text: Option<(Vec<u8>, Vec<u8>)>,
    pub(crate) replaces_early: bool,
    pub(crate) is_observed: bool,
    pub(crate) watches_waits: bool,
    pub(crate) watches_shared_memory: bool,
    pub(crate) limits: Limits,
}

/// Which task begins to run when: a worker is a task that the program creates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Schedule {
    /// The system decides, as without an engine.
    Free,
    /// A task that creates a worker goes on once that worker, with all that it creates,
    /// has ended or waits for other tasks.
    WorkersFirst,
    /// These workers, and what they create, run only while all other tasks wait. They
    /// are named by their [lineage](crate::TaskRecord::lineage); if there is none, all
    /// workers are meant.
    WorkersLast(Vec<Vec<usize>>),
}

/// What is done to a child process, so that it does not end well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It gets this signal at its birth.
    KilledAtBirth(Signal),
    /// It gets this signal in place of its end. Where its default action is to dump core,
    /// `signal(7)`, the one that waits for it is told that there is a core file.
    KilledAtEnd(Signal),
    /// It ends with this exit status, whatever it wanted.
    Exits(u8),
}

/// What a run may use. A run that exceeds a limit is killed.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// From the start to the end, on the clock. The time in which the engine holds a
    /// worker back does not count, nor does the time in which a task waits for a CPU.
    pub time: Duration,
    /// On the CPUs, all tasks together.
    pub cpu_time: Duration,
    /// Of standard output, and of standard error, in bytes.
    pub output_bytes: usize,
    /// Threads and processes born, the first one not counted.
    pub tasks: usize,
    /// The largest file that it may write, in bytes.
    pub file_bytes: Option<u64>,
    /// Of all files in its folder, in bytes.
    pub folder_bytes: u64,
    /// Files and folders in its folder.
    pub folder_entries: usize,
    /// The private memory that each process may write to, in bytes: `RLIMIT_DATA`.
    pub process_bytes: u64,
    /// The memory that all its processes use together, in bytes.
    pub memory_bytes: u64,
}

impl Default for Limits {
    /// 10 s on the clock and 15 s on the CPUs, 1 MiB of output, 256 tasks, files of
    /// 16 MiB, 32 MiB and 500 entries in all, 4 GiB for a process, 2 GiB in use.
    fn default() -> Self {
        Self {
            time: Duration::from_secs(10),
            cpu_time: Duration::from_secs(15),
            output_bytes: 1 << 20,
            tasks: 256,
            file_bytes: Some(16 << 20),
            folder_bytes: 32 << 20,
            folder_entries: 500,
            process_bytes: 4 << 30,
            memory_bytes: 2 << 30,
        }
    }
}

/// Why a run could not be observed. Never the program's fault.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The system does not let this process trace others.
    #[error("tracing (ptrace) is not allowed here")]
    TracingRefused {
        /// What the system said.
        source: io::Error,
    },
    /// The program cannot be started.
    #[error("cannot start {}", program.display())]
    Start {
        /// Which one.
        program: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The system refused something that the engine or the program needs.
    #[error("cannot {action}")]
    Os {
        /// What was tried.
        action: &'static str,
        /// Why it failed.
        source: io::Error,
    },
    /// A task was killed, and neither the run nor the engine did it.
    #[error(
        "something outside the run killed a task of it: the kernel does so when memory runs out"
    )]
    Killed,
    /// The engine itself is at fault.
    #[error("the engine panicked")]
    Panicked,
}

impl Error {
    pub(crate) fn os(action: &'static str, source: impl Into<io::Error>) -> Self {
        let source = source.into();
        Self::Os { action, source }
    }
}

impl Run {
    /// A run of this program in a jail, without arguments, with the default limits,
    /// with the system's schedule.
    pub fn new(program: impl AsRef<Path>) -> Self {
        let path = path::absolute(&program).unwrap_or_else(|_| program.as_ref().into());
        Self {
            is_jailed: true,
            ..Self::of_command(Command::new(path))
        }
    }

    /// A run of a command that is trusted, a compiler for example: it runs where and
    /// with what the command says, without a jail. It reads no input.
    #[must_use]
    pub fn of_command(command: Command) -> Self {
        Self {
            command,
            is_jailed: false,
            variables: Vec::new(),
            paths: None,
            schedule: Schedule::Free,
            faults: BTreeMap::new(),
            patterns: Vec::new(),
            text: None,
            replaces_early: false,
            is_observed: true,
            watches_waits: false,
            watches_shared_memory: false,
            limits: Limits::default(),
        }
    }

    /// Sets a variable of the environment of a jailed program.
    #[must_use]
    pub fn variable(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.variables.push((name.into(), value.into()));
        self
    }

    /// Restricts the files of a command that works on what is not trusted: besides what every
    /// program reads, it may read the first and write the others. A jailed program may do so
    /// besides what its jail allows. Without Landlock nothing is restricted.
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

    /// Its arguments.
    pub fn get_args(&self) -> impl Iterator<Item = &OsStr> {
        self.command.get_args()
    }

    /// Sets which task begins to run when.
    #[must_use]
    pub fn schedule(self, schedule: Schedule) -> Self {
        Self { schedule, ..self }
    }

    /// The schedule that was set.
    #[must_use]
    pub fn get_schedule(&self) -> &Schedule {
        &self.schedule
    }

    /// Injects a fault into a child process. They are counted from 0, in the order of
    /// their birth.
    #[must_use]
    pub fn inject(mut self, child: usize, fault: Fault) -> Self {
        self.faults.insert(child, fault);
        self
    }

    /// The faults that are injected, by the numbers of the children.
    #[must_use]
    pub fn faults(&self) -> &BTreeMap<usize, Fault> {
        &self.faults
    }

    /// Looks for patterns in the words of memory that each worker changes, and replaces
    /// them before another task can read them. Only where a schedule decides when
    /// workers run.
    #[must_use]
    pub fn patterns(self, patterns: Vec<Pattern>) -> Self {
        Self { patterns, ..self }
    }

    /// Looks at the end of each child process for files with this text, and replaces it
    /// by another one of the same length before another task knows of the end. An
    /// empty replacement changes nothing.
    #[must_use]
    pub fn text(self, text: impl Into<Vec<u8>>, replacement: impl Into<Vec<u8>>) -> Self {
        let text = Some((text.into(), replacement.into()));
        Self { text, ..self }
    }

    /// Replaces the text also whenever a worker process is held back, before it ends.
    #[must_use]
    pub fn replace_early(self) -> Self {
        Self {
            replaces_early: true,
            ..self
        }
    }

    /// Only keeps it in its jail and its limits: of births, ends and waits little is recorded.
    /// This halves the time of a program that creates tasks all the time.
    #[must_use]
    pub fn unobserved(self) -> Self {
        Self {
            is_observed: false,
            ..self
        }
    }

    /// Records every call that waits, which takes time where there are many, and the names
    /// of the tasks.
    #[must_use]
    pub fn watch_waits(self) -> Self {
        Self {
            watches_waits: true,
            ..self
        }
    }

    /// Reads at the end of each process what is in the memory that it shares with
    /// others.
    #[must_use]
    pub fn watch_shared_memory(self) -> Self {
        Self {
            watches_shared_memory: true,
            ..self
        }
    }

    /// Sets what it may use.
    #[must_use]
    pub fn limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// Runs it to its end, or to a limit. When this returns, nothing of the run is left;
    /// nor is it when this process is killed before.
    ///
    /// # Errors
    ///
    /// When the machine does not let it be started, traced or run.
    pub fn observe(&self) -> Result<Observed, Error> {
        // A thread that traces nothing else has no other tasks to wait for.
        thread::scope(|scope| {
            let observe = || Tracer::start(self)?.run();
            let thread = thread::Builder::new().spawn_scoped(scope, observe);
            let thread = thread.map_err(|error| Error::os("start a thread", error))?;
            thread.join().map_err(|_| Error::Panicked)?
        })
    }
}
