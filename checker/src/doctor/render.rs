//! Findings for people.

use super::{Finding, State};
use anstyle::{AnsiColor, Style};
use textwrap::{Options, WordSplitter, fill};

/// The width of a mark.
const MARK: &str = "  ";

/// Renders a line for each finding, with advice below it. Lines have at most this width unless
/// a word is longer. Without colour, there are no escape bytes.
#[must_use]
pub fn render(findings: &[Finding], color: bool, width: usize) -> String {
    let subjects = findings.iter().map(|finding| finding.subject.len());
    let column = subjects.max().unwrap_or_default();
    let mut text = String::new();
    let below = " ".repeat(MARK.len() + column + 2);
    for finding in findings {
        // Escape control characters, because findings quote the output of other programs.
        let seen = finding.seen.replace(char::is_control, " ");
        let line = format!("{:column$}  {seen}", finding.subject);
        let line = wrap(&line, width, MARK, &below);
        // The mark replaces the first columns of the indentation.
        let rest = line.trim_start();
        text += &format!("{} {rest}\n", mark(finding.state, color));
        if let Some(advice) = &finding.advice {
            text += &wrap(advice, width, &below, &below);
            text += "\n";
        }
    }
    text
}

fn wrap(text: &str, width: usize, first: &str, others: &str) -> String {
    let options = Options::new(width)
        .initial_indent(first)
        .subsequent_indent(others)
        .word_splitter(WordSplitter::NoHyphenation)
        .break_words(false);
    fill(text, options)
}

fn mark(state: State, color: bool) -> String {
    let (mark, ansi) = match state {
        State::Fine => ('✓', AnsiColor::Green),
        State::Limited => ('!', AnsiColor::Yellow),
        State::Broken => ('✗', AnsiColor::Red),
    };
    let style = if color {
        ansi.on_default()
    } else {
        Style::new()
    };
    format!("{style}{mark}{style:#}")
}

#[cfg(test)]
mod tests {
    use super::render;
    use crate::doctor::Finding;

    fn findings() -> [Finding; 3] {
        [
            Finding::fine("CPUs", "8"),
            Finding::limited(
                "memory",
                "512 MiB free",
                "Large arrays may not fit, or be slow.",
            ),
            Finding::broken("/proc", "is not\x1b[2J\nmounted", "Mount it."),
        ]
    }

    #[test]
    fn a_line_for_each_and_advice_below() {
        let expected = "\
✓ CPUs    8
! memory  512 MiB free
          Large arrays
          may not fit,
          or be slow.
✗ /proc   is not [2J
          mounted
          Mount it.
";
        assert_eq!(render(&findings(), false, 24), expected);
    }

    #[test]
    fn no_escapes_without_color() {
        let plain = render(&findings(), false, 80);
        assert!(!plain.contains('\x1b'), "{plain:?}");
        let colored = render(&findings(), true, 80);
        assert!(colored.starts_with("\x1b[32m✓\x1b[0m CPUs"), "{colored:?}");
        let mut uncolored = colored;
        for escape in ["\x1b[32m", "\x1b[33m", "\x1b[31m", "\x1b[0m"] {
            uncolored = uncolored.replace(escape, "");
        }
        assert_eq!(uncolored, plain);
    }

    #[test]
    fn a_width_of_nothing() {
        assert!(render(&findings(), false, 0).contains("Mount"));
    }
}
