//! From what was observed to a verdict.
//!
//! A program is judged by a [`Plan`]: how to run it, and checks that look at these runs. A
//! check is a claim, its points, and one function from what was observed to what was
//! found.

pub(crate) mod ending;
pub(crate) mod instead;
pub mod intervention;
mod place;
pub(crate) mod plan;
pub(crate) mod report;
pub(crate) mod text;

pub use plan::{NOT_JUDGED, Plan, Problem, Subject};
pub use report::{Check, Report, SCHEMA, Status, TaskReport, Verdict};
