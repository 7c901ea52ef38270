//! Runs a program, watches every thread and process of it, and decides when
//! they run.
//!
//! The program is traced, `ptrace(2)`: it stops at every birth, signal and end of
//! its tasks and at the system calls that matter, and goes on when it is told to. So the
//! engine sees who created whom, who waited for whom, and who was killed by
//! what; nothing can be born without it, and nothing outlives the run.
//!
//! With [`Schedule::HoldWorkers`] a new task is held at its birth, and the engine
//! looks at what its creator does meanwhile. A creator that blocks waits for it.
//! One that prints, opens the watched file or ends does not wait, however long it
//! may sleep before. See [`Hold`] for what came of it.
//!
//! It judges nothing. What a run means is for others to say.

mod call;
mod capture;
mod contained;
mod filter;
mod launch;
mod leftovers;
mod memory;
mod observed;
mod proc;
mod registers;
mod supervised;
mod supervisor;
mod task;
mod ticks;
mod tracer;
mod untraced;

pub use call::Call;
pub use contained::{Contained, Outcome, Over};
pub use leftovers::remove_leftovers;
pub use memory::{MOST_TASKS, Signs};
pub use observed::{End, Event, Hold, Kind, Moment, Observable, Observed, TaskIndex, TaskRecord};

use nix::sys::signal::Signal;
use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

/// A run that is about to be observed.
#[derive(Clone, Debug)]
pub struct Run {
    program: PathBuf,
    args: Vec<OsString>,
    schedule: Schedule,
    fault: Option<(usize, Fault)>,
    watched_file: Option<OsString>,
    watched_numbers: Option<usize>,
    watches_shared_memory: bool,
    watches_sleeps: bool,
    limits: Limits,
}

/// Who decides when a new task begins to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schedule {
    /// The system, as without an engine.
    Free,
    /// The engine: it holds new tasks until their creators wait for them, or
    /// show that they do not.
    HoldWorkers,
}

/// What is done to a child process, so that it does not end well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It gets this signal at its birth.
    Killed(Signal),
    /// It ends with this exit status, whatever it wanted.
    Fails(u8),
}

/// What a run may use. What is over is ended.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// From the start to the end, on the clock.
    pub time: Duration,
    /// Of standard output, and of standard error, in bytes.
    pub output_bytes: usize,
    /// Threads and processes born, the first one not counted.
    pub tasks: usize,
    /// The largest file that it may write, in bytes.
    pub file_bytes: u64,
    /// The address space of each process, in bytes.
    pub memory_bytes: u64,
}

impl Default for Limits {
    /// 10 s, 1 MiB of output, 256 tasks, files of 16 MiB, 6 GiB of address space.
    fn default() -> Self {
        Self {
            time: Duration::from_secs(10),
            output_bytes: 1 << 20,
            tasks: 256,
            file_bytes: 16 << 20,
            memory_bytes: 6 << 30,
        }
    }
}

/// Why a run could not be observed. Never the program's fault.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The system does not let this process trace others: a container's seccomp
    /// filter, `kernel.yama.ptrace_scope` 3.
    #[error("tracing (ptrace) is not allowed here")]
    TracingRefused {
        /// What the system said.
        source: io::Error,
    },
    /// The program can't be started.
    #[error("cannot start {}", program.display())]
    Start {
        /// Which one.
        program: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The engine itself is at fault.
    #[error("the engine panicked")]
    Panicked,
    /// The system refused something else.
    #[error("cannot {action}")]
    Os {
        /// What was tried.
        action: &'static str,
        /// Why it failed.
        source: io::Error,
    },
}

impl Run {
    /// A run of this program, without arguments, with the default limits, with
    /// the system's schedule.
    pub fn new(program: impl Into<PathBuf>) -> Self {
        Self {
            program: program.into(),
            args: Vec::new(),
            schedule: Schedule::Free,
            fault: None,
            watched_file: None,
            watched_numbers: None,
            watches_shared_memory: false,
            watches_sleeps: false,
            limits: Limits::default(),
        }
    }

    /// Adds arguments.
    #[must_use]
    pub fn args(mut self, args: impl IntoIterator<Item = impl Into<OsString>>) -> Self {
        self.args.extend(args.into_iter().map(Into::into));
        self
    }

    /// Sets who decides when a new task begins to run.
    #[must_use]
    pub fn schedule(mut self, schedule: Schedule) -> Self {
        self.schedule = schedule;
        self
    }

    /// Injects a fault into a child process. They are counted from 0, in the order of
    /// their birth.
    #[must_use]
    pub fn inject(mut self, child: usize, fault: Fault) -> Self {
        self.fault = Some((child, fault));
        self
    }

    /// Opening a file of this name, in whatever folder, shows that a creator does
    /// not wait.
    #[must_use]
    pub fn watch_file(mut self, name: impl Into<OsString>) -> Self {
        self.watched_file = Some(name.into());
        self
    }

    /// Looks in the memory of the program for the numbers from 1 to `count`, of
    /// any sign, one after the other as `i32`.
    #[must_use]
    pub fn watch_numbers(mut self, count: usize) -> Self {
        self.watched_numbers = Some(count);
        self
    }

    /// Reads at the end of each process what is in the memory that it shares with
    /// others.
    #[must_use]
    pub fn watch_shared_memory(mut self) -> Self {
        self.watches_shared_memory = true;
        self
    }

    /// Tells of every sleep, which takes time where there are many. Otherwise only those
    /// of creators whose workers are held are told of.
    #[must_use]
    pub fn watch_sleeps(mut self) -> Self {
        self.watches_sleeps = true;
        self
    }

    /// Sets what it may use.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Runs it to its end, or to a limit, in a temporary folder of its own. When
    /// this returns, nothing of the run is left.
    ///
    /// # Errors
    ///
    /// When it can't be started or traced.
    pub fn observe(&self) -> Result<Observed, EngineError> {
        tracer::Tracer::start(self)?.run()
    }

    /// The same where tracing is not allowed. Of the tasks, only those are known
    /// that the program has left behind, and there are no events; the schedule,
    /// the fault and what is to be watched do not matter.
    ///
    /// # Errors
    ///
    /// When it can't be started.
    pub fn observe_output(&self) -> Result<Observed, EngineError> {
        untraced::observe(self)
    }
}
