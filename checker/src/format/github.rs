//! The log of a GitHub Actions step: a line per check. Checks that did not pass are [commands],
//! which the runner shows as annotations.
//!
//! [commands]: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands

use super::escape::escape;
use super::human::mark;
use crate::judge::{Check, Report, Status, TaskReport, Verdict};

pub(super) fn github(report: &Report) -> String {
    let points = format!("Points {}/{}", report.score, report.max_score);
    let is_complete = report.tasks.iter().all(|task| task.status != Status::Error);
    let mut text = if is_complete {
        // The words of GitHub Classroom's own reporter, so that existing score collectors find
        // this one.
        format!("::notice title=Autograding complete::{points}\n")
    } else {
        format!("::warning title=Autograding incomplete::{points}, but not all could be judged\n")
    };
    for task in &report.tasks {
        for check in &task.checks {
            text += &line(task, check);
            text.push('\n');
        }
    }
    for remark in &report.remarks {
        text += &format!("::warning title=This machine::{}\n", data(remark));
    }
    text
}

fn line(task: &TaskReport, check: &Check) -> String {
    let program = task.name();
    let mut claim = check.name.clone();
    if check.max_score > 0 {
        claim += &format!(" ({}/{})", check.score, check.max_score);
    }
    let command = match check.verdict {
        Verdict::Passed => return format!("{} {program}: {claim}", mark(check.verdict)),
        Verdict::Environment => "warning",
        _ => "error",
    };
    let message = format!("{claim}: {}: {}", check.verdict, escape(&check.message));
    format!(
        "::{command} title={}::{}",
        property(&program),
        data(&message)
    )
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
