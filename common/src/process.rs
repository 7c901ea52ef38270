//! Processes: `fork` and `waitpid`, without their usual traps.
//!
//! After a `fork`, the child has its own view of the memory of its parent. The kernel
//! copies a page only when one of the two writes to it. Of the threads, the child has
//! only the one that called `fork`. Four things go wrong easily, and these functions
//! prevent them:
//!
//! - Another thread holds a lock at the moment of the `fork`. The child has the
//!   locked lock, but not the thread that would unlock it. So [`fork`] refuses if
//!   there is another thread, unless it is compiled without debug assertions.
//! - Both processes print text that was in a buffer at the `fork`. So [`fork`] flushes
//!   standard output before, and [`exit_child`] runs nothing that the child has
//!   inherited from its parent.
//! - A panic unwinds: it leaves one function after the other, also those that the child
//!   has inherited from its parent. So a panic ends a child of [`fork`] at once, with
//!   exit status 101.
//! - A child outlives its parent; or it has ended, but no process waits for it, and it
//!   stays as a zombie. So the kernel kills a child when the thread that forked it ends. Dropping
//!   the list [`Children`] kills its processes and waits for them.

mod children;
mod fork;
mod handle;
mod wait;

pub use children::Children;
pub use fork::{exit_child, fork, set_process_name};
pub use handle::Process;
pub use wait::waitpid;
