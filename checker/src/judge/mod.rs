//! From observations to a verdict.
//!
//! A [`Plan`] judges a program. It says how to run the program, and has checks that look at
//! these runs. A check has a claim, its points and a function from the observations to a
//! finding.

pub(crate) mod ending;
pub(crate) mod instead;
pub mod intervention;
mod place;
pub(crate) mod plan;
pub(crate) mod report;
pub(crate) mod text;

pub use plan::{NOT_JUDGED, Plan, Problem, Subject};
pub use report::{Check, Report, SCHEMA, Status, TaskReport, Verdict};
