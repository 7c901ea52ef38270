//! Reading what a program printed.

use super::plan::{Problem, Seen};
use super::report::Verdict;

pub(super) fn stdout(seen: &Seen) -> String {
    String::from_utf8_lossy(&seen.observed.stdout).into_owned()
}

/// The number behind `Array sum is: `.
pub(super) fn sum(seen: &Seen) -> Result<i64, Problem> {
    let text = stdout(seen);
    let sum = text
        .lines()
        .find_map(|line| line.strip_prefix("Array sum is: "));
    sum.and_then(|sum| sum.trim().parse().ok()).ok_or_else(|| {
        let problem = Problem::new(Verdict::WrongOutput, "it printed no sum")
            .with("expected: a line 'Array sum is: ...'")
            .with(format!("seen: {}", first_line(&text)));
        super::ending::again(problem, seen)
    })
}

/// This number, and no other, behind `Array sum is: `.
pub(super) fn sum_is(seen: &Seen, expected: i64) -> Result<(), Problem> {
    let sum = sum(seen)?;
    if sum == expected {
        return Ok(());
    }
    let problem = Problem::new(Verdict::WrongOutput, "the sum is not what it should be")
        .with(format!("expected: {expected}"))
        .with(format!("seen: {sum}"));
    Err(super::ending::again(problem, seen))
}

/// The numbers in a text that stand alone: `process 2: 11` has 2 and 11.
pub(super) fn numbers(text: &str) -> impl Iterator<Item = i64> {
    let words = text.split(|c: char| !(c.is_alphanumeric() || c == '-' || c == '_'));
    words.filter_map(|word| word.parse().ok())
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
