//! The report for people.

use super::escape::{cut, escape, escape_lines};
use crate::exercises::exercise;
use crate::judge::{Check, NOT_JUDGED, Report, Status, TaskReport, Verdict};
use anstyle::{AnsiColor, Style as Ansi};
use textwrap::core::display_width;
use textwrap::{Options, WordSplitter};

/// The appearance of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// With colours.
    pub color: bool,
    /// The length of a line, in columns.
    pub width: usize,
}

impl Style {
    /// No colours, 80 columns.
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

/// The prefix of each line that may quote a program's output, so that no quoted text starts a
/// line.
const QUOTE: &str = "      | ";

/// A passed program takes one line. Failed programs come last, because people look there. The
/// task to begin with is the very last.
pub(super) fn human(report: &Report, style: Style) -> String {
    let mut text = String::new();
    let mut all: Vec<&TaskReport> = report.tasks.iter().collect();
    if all.len() > 1 {
        let is_passed = |task: &&TaskReport| task.status == Status::Passed;
        let passed: Vec<_> = all.extract_if(.., |task| is_passed(task)).collect();
        for task in &passed {
            text += &heading(task, style);
        }
        if !passed.is_empty() && !all.is_empty() {
            text.push('\n');
        }
        all.reverse();
        all.sort_by_key(|task| task.verdict() != Verdict::NotAttempted);
    }
    text += &tasks(all, style);
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

/// Programs, each followed by an empty line.
pub(super) fn tasks<'a>(tasks: impl IntoIterator<Item = &'a TaskReport>, style: Style) -> String {
    let mut text = String::new();
    for task in tasks {
        text += &heading(task, style);
        task_lines(&mut text, task, style);
        text.push('\n');
    }
    text
}

fn heading(task: &TaskReport, style: Style) -> String {
    let name = task.name();
    let color = match task.status {
        Status::Passed => GOOD,
        Status::Failed => BAD,
        Status::Error => UNKNOWN,
    };
    let space = if style.width < 60 { " " } else { "  " };
    let mut right = task.verdict().to_string();
    if task.max_score > 0 {
        right += &format!("{space}{}/{}", task.score, task.max_score);
    }
    let gap = style.width.saturating_sub(name.len() + right.len());
    let gap = gap.max(space.len());
    let (name, right) = (style.paint(&name, NAME), style.paint(&right, color));
    format!("{name}{}{right}\n", " ".repeat(gap))
}

fn task_lines(text: &mut String, task: &TaskReport, style: Style) {
    let exercise = exercise(&task.package, &task.binary);
    if let (Verdict::NotAttempted, Some(exercise)) = (task.verdict(), exercise) {
        let (folder, source) = (exercise.folder, exercise.source());
        let next = format!("Read {folder}/README.md, then edit {}.", source.display());
        return tell(text, &next, style);
    }
    let (left_out, judged): (Vec<_>, Vec<_>) = task
        .checks
        .iter()
        .partition(|check| check.message == NOT_JUDGED);
    for check in judged {
        check_lines(text, check, style);
    }
    if !left_out.is_empty() {
        let checks = match left_out.len() {
            1 => "1 more check depends".into(),
            more => format!("{more} more checks depend"),
        };
        let points = match left_out.iter().map(|check| check.max_score).sum() {
            0 => String::new(),
            points => format!(" ({points} points)"),
        };
        let line = format!("{checks} on this{points}.");
        for (number, line) in wrap(&line, style.width, 4).iter().enumerate() {
            let mark = if number == 0 { "-" } else { " " };
            *text += &format!("  {} {line}\n", style.paint(mark, QUOTED));
        }
    }
    let Some((exercise, todo)) = exercise.and_then(|one| Some((one, one.task?))) else {
        return;
    };
    let chapter = exercise.chapter;
    let sentences = match task.status {
        Status::Passed => vec![
            format!("A question: {}", todo.question),
            format!("Read on: book/src/{chapter}.md; cargo lab quiz {chapter}"),
        ],
        Status::Failed => vec![format!("Next: cargo lab hint {}", exercise.name())],
        Status::Error => Vec::new(),
    };
    for sentence in sentences {
        tell(text, &sentence, style);
    }
}

fn tell(text: &mut String, sentence: &str, style: Style) {
    for line in wrap(sentence, style.width, 2) {
        *text += &format!("  {line}\n");
    }
}

/// The mark before a check.
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
    for evidence in &check.evidence {
        let snippet = snippet(&escape(evidence), style.width - QUOTE.len());
        let is_diagnostic = check.verdict == Verdict::DoesNotCompile || snippet.is_some();
        for line in snippet.unwrap_or_else(|| escape_lines(evidence)) {
            // Lines that point at columns are cut, not wrapped.
            let lines = if is_diagnostic && is_of_a_file(&line) {
                vec![cut(&line, style.width - QUOTE.len())]
            } else {
                wrap(&line, style.width, QUOTE.len())
            };
            for line in lines {
                let painted = match is_diagnostic {
                    true => style.paint(&line, diagnostic_style(&line)),
                    false => style.paint(&line, QUOTED),
                };
                *text += &format!("{}{painted}\n", style.paint(QUOTE, QUOTED));
            }
        }
    }
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
fn diagnostic_style(line: &str) -> Ansi {
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
        Ansi::new()
    }
}

/// Wraps text and leaves room for an indentation. Breaks words that are too long, but not the
/// arguments of a command.
fn wrap(text: &str, width: usize, indentation: usize) -> Vec<String> {
    // An unbroken path or command can be copied.
    let options = Options::new(width - indentation)
        .word_splitter(WordSplitter::NoHyphenation)
        .break_words(!text.contains("see it again: "));
    textwrap::wrap(text, options)
        .into_iter()
        .map(Into::into)
        .collect()
}
