//! Findings for people.

use super::{Finding, State};
use crate::terminal::fill;
use anstyle::AnsiColor::{Green, Red, Yellow};

/// Renders a line with a coloured mark for each finding, with advice below it. Lines have at
/// most this width unless a word is longer.
#[must_use]
pub fn render(findings: &[(&str, Finding)], width: usize) -> String {
    let subjects = findings.iter().map(|(subject, _)| subject.len());
    let column = subjects.max().unwrap_or_default();
    let below = " ".repeat(column + 4);
    let mut text = String::new();
    for (subject, finding) in findings {
        let (mark, color) = match finding.state {
            State::Fine => ('✓', Green.on_default()),
            State::Limited => ('!', Yellow.on_default()),
            State::Broken => ('✗', Red.on_default()),
        };
        let first = format!("{color}{mark}{color:#} {subject:column$}  ");
        // Escape control characters, because findings quote the output of other programs.
        let seen = finding.seen.replace(char::is_control, " ");
        text += &fill(&seen, width, &first, &below);
        if !finding.advice.is_empty() {
            text += &fill(&finding.advice, width, &below, &below);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::render;
    use crate::doctor::{Finding, State};
    use crate::terminal::without_colors;

    fn findings() -> [(&'static str, Finding); 3] {
        [
            ("CPUs", Finding::fine("8")),
            (
                "memory",
                Finding::limited("512 MiB free", "Large arrays may not fit, or be slow."),
            ),
            (
                "/proc",
                Finding::new(State::Broken, "is not\x1b[2J\nmounted", "Mount it."),
            ),
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
        assert_eq!(without_colors(&render(&findings(), 24)), expected);
    }

    #[test]
    fn marks_have_colours() {
        let colored = render(&findings(), 80);
        assert!(colored.starts_with("\x1b[32m✓\x1b[0m CPUs"), "{colored:?}");
        assert_eq!(colored.matches("\x1b[").count(), 6, "{colored:?}");
    }

    #[test]
    fn a_width_of_nothing() {
        assert!(render(&findings(), 0).contains("Mount"));
    }
}
