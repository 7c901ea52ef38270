//! Processes: `fork` and what belongs to it, without the pitfalls.
//!
//! A `fork` copies the whole process, but only the thread that called it. Three
//! things go wrong easily, and none of them can with these functions:
//!
//! - A lock that another thread holds at that moment is locked forever in the
//!   child. [`fork`] refuses when there is another thread.
//! - What is buffered is copied too, and written twice. [`fork`] flushes
//!   standard output, and [`run_child`] ends a child without running anything
//!   that belongs to its parent.
//! - A child outlives its parent, or stays as a zombie. A child dies with its
//!   parent, and whatever [`Children`] and [`Process`] still hold when they
//!   are dropped is ended and waited for.

mod children;
mod fork;
mod handle;
mod wait;

pub use children::Children;
pub use fork::{fork, run_child};
pub use handle::Process;
pub use wait::waitpid;
