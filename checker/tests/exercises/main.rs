//! The exercises as a student meets them: real programs, run as they are.
//!
//! The programs with a TODO are tested by their solutions, and by skeletons
//! that are made from them. What a student has written so far in `src/bin` does
//! not matter.

mod command_line;
mod conditions;
mod faults;
#[path = "../support/interrupt.rs"]
mod interrupt;
mod memory_corruption;
mod names;
#[path = "../support/programs.rs"]
mod programs;
mod results;
mod running;
mod seg_fault;
mod skeletons;
#[path = "../support/run.rs"]
mod support;
mod wait_for_me;
