//! Runs a program, sees every thread and process of it, and controls when they run.
//!
//! The program is traced, `ptrace(2)`. It stops at every birth, signal and end of its tasks
//! and at the system calls that matter, and goes on when the engine lets it. So the engine
//! sees which task created which, which one waited for which, and how each of them ended. No
//! task is born without it, and no task outlives the run.
//!
//! A [`Schedule`] holds tasks back. With [`Schedule::WorkersLast`], a task that the program has
//! created runs only while all others wait: a program whose output is right all the same
//! does wait for it. With [`Schedule::WorkersFirst`], it has done its work before its
//! creator goes on. [`Pattern`]s show what a task wrote to memory, and change it before
//! another task can read it.
//!
//! The program runs in a jail: it can write to its own folder, and signal its own tasks.
//!
//! ```
//! use engine::{End, Kind, Run, Schedule};
//!
//! let run = Run::new("/bin/sh").args(["-c", "sleep 60 & wait; echo done"]);
//! // Nothing else can happen during the sleep, so it is left out.
//! let observed = run.schedule(Schedule::WorkersLast(Vec::new())).observe()?;
//! assert_eq!(observed.end, End::Ended(0));
//! assert_eq!(observed.stdout, b"done\n");
//! let (child, sleep) = observed.created(Kind::Process).next().expect("a child");
//! assert_eq!((child, sleep.reaped_by), (1, Some(0)));
//! # Ok::<(), engine::Error>(())
//! ```
//!
//! The engine judges nothing. What a run means is for its caller to say.

mod alarm;
mod call;
mod capture;
mod elf;
mod folder;
mod jail;
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
pub use folder::remove_leftovers;
pub use jail::{Layer, missing_layers};
pub use memory::Pattern;
pub use observed::{End, Event, Kind, Observed, TaskIndex, TaskRecord, Work};
pub use run::{Error, Fault, Limits, Run, Schedule};
pub use stack::source_lines;
