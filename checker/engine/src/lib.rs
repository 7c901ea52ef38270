//! Runs a program, observes all its threads and processes, and controls when they run.
//!
//! The engine traces the program, `ptrace(2)`. The program stops at the births, signals and ends
//! of its tasks, and at the relevant system calls. It continues when the engine resumes it. So
//! the engine sees which task created which, which task waited for which, and how each task
//! ended. It sees every birth, and no task outlives the run.
//!
//! A [`Schedule`] holds tasks back. With [`Schedule::WorkersLast`], a task that the program has
//! created runs only while all others wait, or have polled for long. A program with the right
//! output in this schedule waits for the task, polls for long, or does the task's work itself. With
//! [`Schedule::WorkersFirst`], the task does its work before its creator continues. [`Pattern`]s
//! find the data that a task wrote to memory, and can change it before another task reads it.
//!
//! The program runs in a jail: it can write to its own folder, and signal its own tasks.
//!
//! ```
//! use engine::{End, Kind, Run, Schedule};
//!
//! let run = Run::new("/bin/sh").args(["-c", "sleep 60 & wait; echo done"]);
//! // Nothing else can happen during the sleep, so the engine skips it.
//! let observed = run.schedule(Schedule::WorkersLast(Vec::new())).observe()?;
//! assert_eq!(observed.end, End::Ended(0));
//! assert_eq!(observed.stdout, b"done\n");
//! let (child, sleep) = observed.created(Kind::Process).next().expect("a child");
//! assert_eq!((child, sleep.reaped_by), (1, Some(0)));
//! # Ok::<(), engine::Error>(())
//! ```
//!
//! The engine judges nothing. Its caller interprets the run.

mod alarm;
mod call;
mod capture;
mod elf;
mod folder;
mod jail;
mod landlock;
mod launch;
mod memory;
mod observed;
mod proc;
mod registers;
mod run;
mod stack;
mod stopped;
mod tracer;

pub use call::Call;
pub use folder::{Folder, remove_leftovers};
pub use jail::{Layer, missing_layers};
pub use memory::Pattern;
pub use observed::{EarlyStack, End, Event, Kind, Observed, Stuck, TaskIndex, TaskRecord, Work};
pub use run::{Error, Fault, Limits, Run, Schedule};
pub use stack::{SourceLine, source_lines};
