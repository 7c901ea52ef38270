//! From what was observed to a verdict.
//!
//! A program is judged by a [`Plan`]: how to run it, and checks that look at these runs. A
//! check is a claim, its points, and one function from what was observed to what was
//! found.

mod ending;
mod memory_corruption;
mod plan;
mod report;
mod reports;
mod seg_fault;
mod sum_array;
mod sums;
mod text;
mod wait_for_me;

pub use plan::{Plan, Problem, Subject, plan};
pub use report::{Check, Report, SCHEMA, Status, TaskReport, Verdict};
