//! wait-for-me: does another task do the work, and does the program wait for it?
//!
//! The program runs under two opposite schedules, `engine::Schedule`. With the workers first,
//! their work is done before the program continues. With the workers last, they run only while
//! the program waits. A program that waits prints the same in both runs. In one more run, the
//! checker changes the worker's data before the program can read it. The program must then
//! print something else.

mod processes;
mod threads;

pub(super) use processes::PROCESSES;
pub(super) use threads::THREADS;
