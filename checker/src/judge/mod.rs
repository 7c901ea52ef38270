//! From what was observed to a verdict.

mod report;

pub use report::{Check, Report, Status, TaskReport, Verdict};
