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

pub use human::Style;

use crate::judge::Report;

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

/// Writes a report, which ends with a line break.
///
/// # Errors
///
/// A report can't be written as JSON.
pub fn render(report: &Report, format: Format, style: Style) -> serde_json::Result<String> {
    Ok(match format {
        Format::Human => human::human(report, style),
        Format::Json => escape::escape_json(&serde_json::to_string_pretty(report)?) + "\n",
        Format::Junit => junit::junit(report),
        Format::Gradescope => gradescope::gradescope(report)?,
        Format::Markdown => markdown::markdown(report),
        Format::Github => github::github(report),
    })
}
