//! Reading what a program printed.

use super::plan::Seen;

pub(super) fn stdout(seen: &Seen) -> String {
    String::from_utf8_lossy(&seen.observed.stdout).into_owned()
}

/// The numbers in a text that stand alone: `process 2: 11` has 2 and 11.
pub(super) fn numbers(text: &str) -> impl Iterator<Item = i64> {
    let words = text.split(|c: char| !(c.is_alphanumeric() || c == '-' || c == '_'));
    words.filter_map(|word| word.parse().ok())
}

/// The words of a text, in small letters, and its numbers among them.
pub(super) fn words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric());
    let words = words.filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

/// The first line, shortened.
pub(super) fn first_line(text: &str) -> String {
    match text.lines().next() {
        None => "nothing".into(),
        Some(line) if line.chars().count() > 60 => {
            let start: String = line.chars().take(60).collect();
            format!("{start}...")
        }
        Some(line) => line.into(),
    }
}
