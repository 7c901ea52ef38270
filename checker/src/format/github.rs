//! The log of a GitHub Actions step: a line per check. Checks that did not pass are [commands],
//! which the runner shows as annotations.
//!
//! [commands]: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands

use super::escape::escape;
use super::{claim, mark};
use crate::judge::{Check, Report, Status, TaskReport};

pub(super) fn github(report: &Report) -> String {
    let points = format!("Points {}/{}", report.score, report.max_score);
    let is_incomplete = report.tasks.iter().any(|task| task.status == Status::Error);
    let mut text = match is_incomplete {
        true => format!(
            "::warning title=Autograding incomplete::{points}, but not all could be judged\n"
        ),
        // The words of GitHub Classroom's own reporter, so that existing score collectors find
        // this one.
        false => format!("::notice title=Autograding complete::{points}\n"),
    };
    for task in &report.tasks {
        text.extend(task.checks.iter().map(|check| line(task, check)));
    }
    for remark in &report.remarks {
        text += &format!("::warning title=This machine::{}\n", data(remark));
    }
    text
}

fn line(task: &TaskReport, check: &Check) -> String {
    let (program, claim) = (task.name(), claim(check));
    let command = match check.verdict.status() {
        Status::Passed => return format!("{} {program}: {claim}\n", mark(check)),
        Status::Failed => "error",
        Status::Error => "warning",
    };
    let message = format!("{claim}: {}: {}", check.verdict, escape(&check.message));
    let (title, message) = (property(&program), data(&message));
    format!("::{command} title={title}::{message}\n")
}

/// A command ends with its line. The runner reads `%0A` as a line break.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
