//! The library of the exercises.
//!
//! An exercise shows one mechanism: `fork` and its two branches, `waitpid`, `thread::scope`,
//! `join` or the shared mapping. This library hides the details:
//!
//! | module or item | what it holds |
//! |---|---|
//! | [`args`] | the command line of every program |
//! | [`array`](mod@array) | the array of random numbers, on huge or on small pages |
//! | [`split`] | one part of the array for each worker |
//! | [`partial_sum`] | the work of each worker: the sum of one part |
//! | [`timing`] | the stopwatch, and work that is repeated to be timed |
//! | [`process`] | `fork`, `waitpid`, and a handle like Python's `Process` |
//! | [`shared`] | memory that a process and its children share |
//! | [`SharedLock`] | a lock in such memory |
//! | [`wait_status`] | functions that decode a wait status, named after the macros of C |
//! | [`new_file`] | a file that the program creates itself |
//! | [`bad_pointer`] | a pointer to an address that is not mapped |
//! | [`pace`] | slow work, which makes a race plain to see |
//! | [`output`] | what the programs print |
//!
//! The library runs on Linux. Its items name the Linux manual pages that they follow. Most
//! errors are one line (`anyhow::Error`), which names the failed action and the system's reason.
//! `fork` and `waitpid` return a [`std::io::Error`].

pub mod args;
pub mod array;
mod bad_pointer;
mod mapping;
mod memory;
pub mod new_file;
pub mod output;
pub mod pace;
mod partial_sum;
pub mod process;
pub mod shared;
mod shared_lock;
mod split;
pub mod timing;
pub mod wait_status;

pub use array::{Array, ArraySpec, AtomicArray, Pages};
pub use bad_pointer::bad_pointer;
pub use memory::available_bytes;
pub use new_file::NewFile;
pub use output::{print_counter, print_line, print_sum, report};
pub use partial_sum::partial_sum;
pub use process::{Children, Process, exit_child, fork, set_process_name, waitpid};
pub use shared::{SharedSlice, sum_of};
pub use shared_lock::{SharedLock, SharedLockGuard};
pub use split::split;
pub use timing::{Stopwatch, repeat};
pub use wait_status::WaitStatus;
