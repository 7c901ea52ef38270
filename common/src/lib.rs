//! What the exercises of the lab share, and hide from the reader.
//!
//! An exercise shows the mechanism that it is about: `fork` and its branches,
//! `waitpid`, `thread::scope`, `join`, the shared mapping. Everything that
//! would stand in the way of reading it is here:
//!
//! | module | what it holds |
//! |---|---|
//! | [`args`] | the command line of every program |
//! | [`array`](mod@array) | the array of random numbers, on huge or on small pages |
//! | [`partial_sum`] | the kernel: the sum of one worker's part |
//! | [`split`] | who sums what |
//! | [`process`] | `fork`, `waitpid` and a handle like Python's `Process`, without their pitfalls |
//! | [`shared`] | memory that a process and its children share |
//! | [`wait_status`] | what `waitpid` says about a child, and the macros that decode it |
//! | [`bad_pointer`] | a pointer that nobody may write through |
//! | [`pace`] | work that takes its time, so that a race is plain to see |
//! | [`output`], [`error`] | what the programs print; what can go wrong, and the exit status |
//!
//! It runs on Linux, and takes its facts from the Linux manual pages that its
//! items name.

pub mod args;
pub mod array;
mod bad_pointer;
pub mod error;
mod mapping;
mod memory;
pub mod output;
pub mod pace;
mod partial_sum;
pub mod process;
pub mod shared;
mod split;
pub mod wait_status;

pub use array::{Array, ArraySpec, Pages};
pub use bad_pointer::bad_pointer;
pub use error::{Context, Error, exit_code};
pub use memory::available_bytes;
pub use output::{print_sum, report};
pub use partial_sum::partial_sum;
pub use process::{Children, Process, fork, run_child, waitpid};
pub use shared::SharedSlice;
pub use split::split;
pub use wait_status::WaitStatus;
