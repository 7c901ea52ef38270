//! Parsing a program's output.

use super::plan::Seen;

pub(crate) fn stdout(seen: &Seen) -> String {
    String::from_utf8_lossy(&seen.observed.stdout).into_owned()
}

/// The whole numbers in a text that stand alone, `-3` or `-3.0`.
pub(crate) fn numbers(text: &str) -> impl Iterator<Item = i64> {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    let words = text.split(move |c: char| !is_part(c));
    words.filter_map(|word| {
        let word = word.trim_matches('.');
        let word = match word.split_once('.') {
            Some((whole, zeros)) if zeros.bytes().all(|digit| digit == b'0') => whole,
            _ => word,
        };
        word.parse().ok()
    })
}

/// The first line, shortened.
pub(crate) fn first_line(text: &str) -> String {
    match text.lines().next() {
        None => "nothing".into(),
        Some(line) if line.trim().is_empty() => "an empty line".into(),
        Some(line) if line.chars().count() > 60 => {
            let start: String = line.chars().take(60).collect();
            format!("{start}...")
        }
        Some(line) => line.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::numbers;

    #[test]
    fn numbers_stand_alone() {
        let numbers: Vec<i64> = numbers("[-1, -2.0] x-3 n4 5, 6. -7.50 (8)").collect();
        assert_eq!(numbers, [-1, -2, 5, 6, 8]);
    }
}
