//! The report for people.

use super::escape::{cut, escape, escape_lines};
use super::{claim, mark};
use crate::exercises::exercise;
use crate::judge::{Check, NOT_JUDGED, Report, Status, TaskReport, Verdict};
use crate::terminal::wrap;
use anstyle::{AnsiColor, Style};
use textwrap::core::display_width;

const GOOD: Style = AnsiColor::Green.on_default();
const BAD: Style = AnsiColor::Red.on_default();
const UNKNOWN: Style = AnsiColor::Yellow.on_default();
const NAME: Style = Style::new().bold();
const QUOTED: Style = Style::new().dimmed();

/// The prefix of each line that may quote a program's output, so that no quoted text starts a
/// line.
const QUOTE: &str = "      | ";

fn paint(text: &str, style: Style) -> String {
    format!("{style}{text}{style:#}")
}

fn color(status: Status) -> Style {
    match status {
        Status::Passed => GOOD,
        Status::Failed => BAD,
        Status::Error => UNKNOWN,
    }
}

/// A passed program takes one line. Failed programs come last, because people look there. The
/// task to begin with is the very last.
pub(super) fn human(report: &Report, width: usize) -> String {
    let mut text = String::new();
    let mut all: Vec<&TaskReport> = report.tasks.iter().collect();
    if all.len() > 1 {
        let is_passed = |task: &mut &TaskReport| task.status == Status::Passed;
        let passed = all.extract_if(.., is_passed);
        text.extend(passed.map(|task| heading(task, width)));
        if !text.is_empty() && !all.is_empty() {
            text.push('\n');
        }
        all.reverse();
        all.sort_by_key(|task| task.verdict() != Verdict::NotAttempted);
    }
    text += &tasks(all, width);
    for remark in &report.remarks {
        text += &(lines(remark, width, "", UNKNOWN) + "\n");
    }
    let score = format!("Score: {}/{}", report.score, report.max_score);
    text + &paint(&score, NAME) + "\n"
}

/// Programs, each followed by an empty line.
pub(super) fn tasks<'a>(tasks: impl IntoIterator<Item = &'a TaskReport>, width: usize) -> String {
    let tasks = tasks.into_iter();
    tasks
        .map(|task| heading(task, width) + &task_lines(task, width) + "\n")
        .collect()
}

fn heading(task: &TaskReport, width: usize) -> String {
    let name = task.name();
    let space = if width < 60 { " " } else { "  " };
    let mut right = task.verdict().to_string();
    if task.max_score > 0 {
        right += &format!("{space}{}/{}", task.score, task.max_score);
    }
    let gap = width.saturating_sub(name.len() + right.len());
    let gap = " ".repeat(gap.max(space.len()));
    let (name, right) = (paint(&name, NAME), paint(&right, color(task.status)));
    format!("{name}{gap}{right}\n")
}

fn task_lines(task: &TaskReport, width: usize) -> String {
    let exercise = exercise(&task.package, &task.binary);
    if let (Verdict::NotAttempted, Some(exercise)) = (task.verdict(), exercise) {
        return lines(&exercise.first_step(), width, "  ", Style::new());
    }
    let checks = task.checks.iter();
    let (left_out, judged): (Vec<_>, Vec<_>) =
        checks.partition(|check| check.message == NOT_JUDGED);
    let judged = judged.into_iter().map(|check| check_lines(check, width));
    let mut text: String = judged.collect();
    if !left_out.is_empty() {
        let checks = match left_out.len() {
            1 => "1 more check was not judged: it depends".into(),
            more => format!("{more} more checks were not judged: they depend"),
        };
        let points = match left_out.iter().map(|check| check.max_score).sum() {
            0 => String::new(),
            points => format!(" ({points} points)"),
        };
        text += &item("-", QUOTED, &format!("{checks} on this{points}."), width);
    }
    let Some((exercise, todo)) = exercise.and_then(|one| Some((one, one.task?))) else {
        return text;
    };
    let chapter = exercise.chapter;
    let sentences = match task.status {
        Status::Passed => format!(
            "A question: {}\nRead on: book/src/{chapter}.md; cargo lab quiz {chapter}",
            todo.question
        ),
        Status::Failed => format!("Next: cargo lab hint {}", exercise.name()),
        Status::Error => return text,
    };
    text + &lines(&sentences, width, "  ", Style::new())
}

/// A text in lines with this indentation and style.
fn lines(text: &str, width: usize, indentation: &str, style: Style) -> String {
    let lines = wrap(text, width - indentation.len()).into_iter();
    lines
        .map(|line| format!("{indentation}{}\n", paint(&line, style)))
        .collect()
}

/// A text with a mark before its first line.
fn item(mark: &str, style: Style, text: &str, width: usize) -> String {
    let lines = lines(text, width, "    ", Style::new());
    lines.replacen("    ", &format!("  {} ", paint(mark, style)), 1)
}

fn check_lines(check: &Check, width: usize) -> String {
    let color = color(check.verdict.status());
    let mut text = item(mark(check), color, &claim(check), width);
    if check.verdict == Verdict::Passed {
        return text;
    }
    let message = format!("{}: {}", check.verdict, escape(&check.message));
    text += &lines(&message, width, "    ", color);
    let (quote, room) = (paint(QUOTE, QUOTED), width - QUOTE.len());
    for evidence in &check.evidence {
        let snippet = snippet(&escape(evidence), room);
        let is_diagnostic = check.verdict == Verdict::DoesNotCompile || snippet.is_some();
        for line in snippet.unwrap_or_else(|| escape_lines(evidence)) {
            // Lines that point at columns are cut, not wrapped.
            let lines = match is_diagnostic && is_of_a_file(&line) {
                true => vec![cut(&line, room).into()],
                false => wrap(&line, room),
            };
            for line in lines {
                let style = match is_diagnostic {
                    true => diagnostic_style(&line),
                    false => QUOTED,
                };
                text += &format!("{quote}{}\n", paint(&line, style));
            }
        }
    }
    text
}

/// A line of the student's file, `at FILE:LINE: CODE`, in the compiler's style. If the path is
/// too long, its end is kept, because the end is the most useful part.
fn snippet(evidence: &str, width: usize) -> Option<Vec<String>> {
    let (place, code) = evidence.strip_prefix("at ")?.split_once(": ")?;
    let (_, line) = place.rsplit_once(':')?;
    let margin = " ".repeat(line.len());
    let room = width.saturating_sub(margin.len() + "--> ".len());
    let mut end = place.to_owned();
    while display_width(&end) > room {
        let rest: String = end.trim_start_matches('…').chars().skip(1).collect();
        end = format!("…{rest}");
    }
    let marks = "^".repeat(display_width(code));
    Some(vec![
        format!("{margin}--> {end}"),
        format!("{line} | {code}"),
        format!("{margin} | {marks}"),
    ])
}

/// Whether this is a source line or a pointer in a compiler message: `12 | let x`, `   | ^`.
fn is_of_a_file(line: &str) -> bool {
    let gutter = line.trim_start_matches(|c: char| c == ' ' || c.is_ascii_digit());
    gutter.starts_with('|') || gutter.starts_with("...")
}

/// Colours like the compiler's.
fn diagnostic_style(line: &str) -> Style {
    let line = line.trim_start_matches(|c: char| c == ' ' || c.is_ascii_digit());
    let points_at = |mark: char| {
        let rest = line.strip_prefix('|').unwrap_or_default().trim_start();
        rest.starts_with(mark)
    };
    if line.starts_with("error") || points_at('^') {
        BAD.bold()
    } else if line.starts_with("warning") {
        UNKNOWN.bold()
    } else if line.starts_with("-->") || points_at('-') {
        AnsiColor::Blue.on_default()
    } else {
        Style::new()
    }
}
