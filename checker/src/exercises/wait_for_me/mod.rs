//! wait-for-me: does another task do the work, and does the program wait for it?
//!
//! The program is run under two opposite schedules, `engine::Schedule`. With the workers
//! first, their work is done before the program goes on; with the workers last, they run
//! only while the program waits. A program that waits prints the same in both. In one more
//! run, what the worker wrote is changed before the program can read it: the program must
//! then print something else.

mod processes;
mod threads;

pub(super) use processes::PROCESSES;
pub(super) use threads::THREADS;
