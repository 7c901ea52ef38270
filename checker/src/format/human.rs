//! For people.

use super::escape::{escape, escape_lines};
use crate::judge::{Check, Report, Status, TaskReport, Verdict};
use anstyle::{AnsiColor, Style as Ansi};
use textwrap::Options;

/// How it looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// In colours.
    pub color: bool,
    /// The length of a line, in columns.
    pub width: usize,
}

impl Style {
    /// Without colours, in 80 columns.
    pub const PLAIN: Self = Self {
        color: false,
        width: 80,
    };

    fn paint(self, text: &str, style: Ansi) -> String {
        if self.color {
            format!("{style}{text}{style:#}")
        } else {
            text.into()
        }
    }
}

const GOOD: Ansi = AnsiColor::Green.on_default();
const BAD: Ansi = AnsiColor::Red.on_default();
const UNKNOWN: Ansi = AnsiColor::Yellow.on_default();
const NAME: Ansi = Ansi::new().bold();
const QUOTED: Ansi = Ansi::new().dimmed();

/// What stands before each line that a program may have printed, so that none of
/// them stands at the beginning of a line.
const QUOTE: &str = "      | ";

pub(super) fn human(report: &Report, style: Style) -> String {
    let mut text = tasks(&report.tasks, style);
    for remark in &report.remarks {
        for line in wrap(remark, style.width, 0) {
            text += &style.paint(&line, UNKNOWN);
            text.push('\n');
        }
        text.push('\n');
    }
    let score = format!("Score: {}/{}", report.score, report.max_score);
    text += &style.paint(&score, NAME);
    text.push('\n');
    text
}

/// Programs, with an empty line behind each.
pub(super) fn tasks<'a>(tasks: impl IntoIterator<Item = &'a TaskReport>, style: Style) -> String {
    let mut text = String::new();
    for task in tasks {
        task_lines(&mut text, task, style);
        text.push('\n');
    }
    text
}

fn task_lines(text: &mut String, task: &TaskReport, style: Style) {
    let name = format!("{} {}", task.package, task.binary);
    let color = match task.status {
        Status::Passed => GOOD,
        Status::Failed => BAD,
        Status::Error => UNKNOWN,
    };
    *text += &style.paint(&name, NAME);
    let mut right = task.verdict().to_string();
    if task.max_score > 0 {
        right += &format!("  {}/{}", task.score, task.max_score);
    }
    let gap = style.width.saturating_sub(name.len() + right.len()).max(2);
    *text += &" ".repeat(gap);
    *text += &style.paint(&right, color);
    text.push('\n');
    for check in &task.checks {
        check_lines(text, check, style);
    }
}

/// What stands before a check.
pub(super) fn mark(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Passed => "✓",
        Verdict::Environment => "?",
        _ => "✗",
    }
}

fn check_lines(text: &mut String, check: &Check, style: Style) {
    let mark = mark(check.verdict);
    let color = match check.verdict {
        Verdict::Passed => GOOD,
        Verdict::Environment => UNKNOWN,
        _ => BAD,
    };
    let mut claim = check.name.clone();
    if check.max_score > 0 {
        claim += &format!(" ({}/{})", check.score, check.max_score);
    }
    for (number, line) in wrap(&claim, style.width, 4).iter().enumerate() {
        let mark = if number == 0 { mark } else { " " };
        *text += &format!("  {} {line}\n", style.paint(mark, color));
    }
    if check.verdict == Verdict::Passed {
        return;
    }
    let message = format!("{}: {}", check.verdict, escape(&check.message));
    for line in wrap(&message, style.width, 4) {
        *text += &format!("    {}\n", style.paint(&line, color));
    }
    for evidence in check
        .evidence
        .iter()
        .flat_map(|evidence| escape_lines(evidence))
    {
        for line in wrap(&evidence, style.width, QUOTE.len()) {
            *text += &style.paint(&format!("{QUOTE}{line}"), QUOTED);
            text.push('\n');
        }
    }
}

/// Lines that leave room for an indentation. Words that are too long are broken.
fn wrap(text: &str, width: usize, indentation: usize) -> Vec<String> {
    let options = Options::new(width - indentation).break_words(true);
    textwrap::wrap(text, options)
        .into_iter()
        .map(Into::into)
        .collect()
}
