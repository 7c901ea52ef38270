//! Escaping text from other programs.

use std::fmt::Write;

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
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        let _ = match c {
            '\n' => escaped.write_str("\\n"),
            '\r' => escaped.write_str("\\r"),
            '\t' => escaped.write_str("\\t"),
            c if c.is_control() && c.is_ascii() => write!(escaped, "\\x{:02x}", u32::from(c)),
            c if is_harmful(c) => {
                write!(escaped, "\\u{{{:x}}}", u32::from(c))
            }
            c => escaped.write_char(c),
        };
    }
    escaped
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
    if textwrap::core::display_width(line) <= width {
        return line.into();
    }
    let mut cut = String::new();
    for c in line.chars() {
        cut.push(c);
        if textwrap::core::display_width(&cut) >= width {
            cut.pop();
            break;
        }
    }
    cut + "…"
}

/// Escapes JSON without changing its meaning for parsers. Apart from line breaks, only the
/// strings of JSON contain such characters.
#[must_use]
pub fn escape_json(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len());
    for c in json.chars() {
        let _ = if c != '\n' && is_harmful(c) {
            write!(escaped, "\\u{:04x}", u32::from(c))
        } else {
            escaped.write_char(c)
        };
    }
    escaped
}

/// Replaces each of these characters with the replacement character, which does not lengthen
/// the text.
pub(crate) fn printable(text: &str) -> String {
    text.replace(is_harmful, "\u{fffd}")
}

fn is_harmful(c: char) -> bool {
    c.is_control() || turns_the_direction(c) || is_no_character(c)
}

fn turns_the_direction(c: char) -> bool {
    matches!(
        c,
        '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    )
}

/// Characters that no text may contain, in particular not XML.
fn is_no_character(c: char) -> bool {
    matches!(
        c,
        '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
    )
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
