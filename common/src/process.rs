//! Processes: `fork` and `waitpid`, without their usual traps.
//!
//! `fork` copies the whole memory of a process, but only the thread that calls
//! it. Four things go wrong easily, and these functions prevent them:
//!
//! - Another thread holds a lock at the moment of the `fork`. The child has the
//!   locked lock, but not the thread that would unlock it. So [`fork`] refuses
//!   where there is another thread.
//! - Text in a buffer is copied and printed twice. So [`fork`] flushes standard
//!   output before, and [`exit_child`] ends the child without running what its
//!   parent has prepared for its own end.
//! - A child panics, and unwinds into the code of its parent. So a panic ends a
//!   child of [`fork`] at once, with exit status 101.
//! - A child outlives its parent, or stays behind as a zombie. So the kernel
//!   kills a child when its parent ends, and [`Children`] that are dropped are
//!   killed and reaped.

mod children;
mod fork;
mod handle;
mod wait;

pub use children::Children;
pub use fork::{exit_child, fork, set_process_name};
pub use handle::Process;
pub use wait::waitpid;
