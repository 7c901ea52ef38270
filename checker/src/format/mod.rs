//! A report for people and for programs.
//!
//! All formats show the same points and the same verdicts. A report quotes the output of a
//! student's program. Readers must not mistake it for the lab's own words: see [`escape`].

pub mod escape;
mod github;
mod gradescope;
mod human;
mod junit;
mod markdown;

use crate::judge::{Check, Report, Status};
use serde_json::Result;

/// A form of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people, at a terminal
    Human,
    /// JSON, as the lab's guide describes it
    Json,
    /// JUnit XML, for CI systems
    Junit,
    /// results.json of Gradescope
    Gradescope,
    /// Markdown, for the summary of a run of GitHub Actions
    Markdown,
    /// The log of a step of GitHub Actions, with annotations
    Github,
}

/// Writes a report, which ends with a line break. For people, it has colours, and lines of this
/// width.
///
/// # Errors
///
/// A report can't be written as JSON.
pub fn render(report: &Report, format: Format, width: usize) -> Result<String> {
    Ok(match format {
        Format::Human => human::human(report, width),
        Format::Json => escape::escape_json(&serde_json::to_string_pretty(report)?) + "\n",
        Format::Junit => junit::junit(report),
        Format::Gradescope => gradescope::gradescope(report)?,
        Format::Markdown => markdown::markdown(report),
        Format::Github => github::github(report),
    })
}

/// The mark before a check.
fn mark(check: &Check) -> &'static str {
    match check.verdict.status() {
        Status::Passed => "✓",
        Status::Failed => "✗",
        Status::Error => "?",
    }
}

/// The claim of a check, with its points.
fn claim(check: &Check) -> String {
    match check.max_score {
        0 => check.name.clone(),
        most => format!("{} ({}/{most})", check.name, check.score),
    }
}

/// The lines of the evidence of a check.
fn evidence(check: &Check) -> impl Iterator<Item = String> {
    let evidence = check.evidence.iter();
    evidence.flat_map(|text| escape::escape_lines(text))
}
