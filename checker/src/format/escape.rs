//! Escaping text from other programs.

use std::ascii;
use textwrap::core::display_width;

/// Makes invisible characters visible, and characters that could change the surrounding text.
/// These are control characters (line breaks too), terminal escapes, and characters that change
/// the writing direction.
///
/// ```
/// use checker::format::escape::escape;
/// assert_eq!(escape("\x1b[31mred\n"), r"\x1b[31mred\n");
/// ```
#[must_use]
pub fn escape(text: &str) -> String {
    let escaped = text.chars().map(|c| match u8::try_from(c) {
        Ok(byte) if byte.is_ascii_control() => ascii::escape_default(byte).to_string(),
        _ if is_harmful(c) => c.escape_unicode().to_string(),
        _ => c.into(),
    });
    escaped.collect()
}

/// Escapes a text line by line, and keeps its line breaks.
#[must_use]
pub fn escape_lines(text: &str) -> Vec<String> {
    text.lines().map(escape).collect()
}

/// The beginning of a program's output, in a block under this heading. Empty output gives
/// nothing.
#[must_use]
pub fn excerpt(heading: &str, written: &[u8], most_lines: usize, width: usize) -> String {
    let lines = escape_lines(&String::from_utf8_lossy(written));
    if lines.is_empty() {
        return String::new();
    }
    let mut block = format!("\n{heading}:\n");
    for line in lines.iter().take(most_lines) {
        block += &format!("  {}\n", cut(line, width.max(40) - 2));
    }
    if lines.len() > most_lines {
        block += &format!("  ... and {} more lines\n", lines.len() - most_lines);
    }
    block
}

/// Escapes text for XML or HTML. Quotation marks stay unchanged.
pub(crate) fn markup(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// The beginning of a text, up to this number of columns.
#[must_use]
pub fn cut(line: &str, width: usize) -> String {
    if display_width(line) <= width {
        return line.into();
    }
    let ends = line.char_indices().map(|(end, _)| end);
    let fits = |end: &usize| display_width(&line[..*end]) < width;
    let end = ends.take_while(fits).last().unwrap_or_default();
    format!("{}…", &line[..end])
}

/// Escapes JSON without changing its meaning for parsers. Apart from line breaks, only the
/// strings of JSON contain such characters.
#[must_use]
pub fn escape_json(json: &str) -> String {
    let escaped = json.chars().map(|c| match c {
        c if c != '\n' && is_harmful(c) => format!("\\u{:04x}", u32::from(c)),
        c => c.into(),
    });
    escaped.collect()
}

/// Replaces each of these characters with the replacement character, which does not lengthen
/// the text.
pub(crate) fn printable(text: &str) -> String {
    text.replace(is_harmful, "\u{fffd}")
}

/// Control characters, those that turn the writing direction, and those that no text may
/// contain, in particular not XML.
fn is_harmful(c: char) -> bool {
    let turns_the_direction = matches!(
        c,
        '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    );
    let is_no_character = matches!(
        c,
        '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
    );
    c.is_control() || turns_the_direction || is_no_character
}

#[cfg(test)]
mod tests {
    use super::{escape, escape_lines};

    #[test]
    fn nothing_dangerous_is_left() {
        assert_eq!(
            escape("a\0b\x07\x1b]0;title\x07\u{9b}1m"),
            r"a\x00b\x07\x1b]0;title\x07\u{9b}1m"
        );
        assert_eq!(escape("score\r100"), r"score\r100");
        assert_eq!(escape("\u{202e}evil\u{2066}"), r"\u{202e}evil\u{2066}");
        assert_eq!(escape("ünïcödé ✓ <&>"), "ünïcödé ✓ <&>");
    }

    #[test]
    fn lines_stay_lines() {
        assert_eq!(escape_lines("a\x1b\nb\r\n\nc"), [r"a\x1b", "b", "", "c"]);
    }
}
