//! Derives a verdict from observations.
//!
//! A judge says how to run a program, and has claims about these runs. A claim has points and a
//! function from the observations to a finding.

pub(crate) mod births;
pub(crate) mod ending;
pub(crate) mod instead;
pub mod intervention;
mod place;
pub(crate) mod plan;
pub(crate) mod report;
pub(crate) mod schedule;
pub(crate) mod text;

pub use plan::{NOT_JUDGED, Plan, Problem, Subject};
pub use report::{Check, Report, SCHEMA, Status, TaskReport, Verdict};
