//! A skeleton is a solution with its marked lines taken out.
//!
//! ```text
//! // TODO: Wait until the thread has ended.
//! // <solution>
//! worker.join().expect("it does not panic");
//! // </solution>
//! ```
//!
//! The marks stand on their own lines and are removed too. Nothing else changes. So the
//! solution shows where the student's lines belong, and `diff` of the two files shows these lines.

/// The mark before the first removed line.
const BEGIN: &str = "// <solution>";
/// The mark after the last removed line.
const END: &str = "// </solution>";

/// A mistake in the marks of a solution.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MarkError {
    /// A part begins inside another part.
    #[error("line {line}: {BEGIN} inside a part that has not ended")]
    Nested {
        /// The number of the line, from 1.
        line: usize,
    },
    /// An end mark without a beginning.
    #[error("line {line}: {END} without {BEGIN}")]
    NotBegun {
        /// The number of the line, from 1.
        line: usize,
    },
    /// A part without an end mark.
    #[error("line {line}: {BEGIN} without {END}")]
    NotEnded {
        /// The number of the line where it begins, from 1.
        line: usize,
    },
    /// The solution has no marks.
    #[error("no line is marked with {BEGIN}")]
    NoMarks,
    /// The skeleton contains no TODO.
    #[error("what is left has no '// TODO'")]
    NoTask,
}

/// Makes the skeleton of a solution.
///
/// # Errors
///
/// The marks do not match, or the skeleton would have no task.
pub fn skeleton(solution: &str) -> Result<String, MarkError> {
    let mut skeleton = String::new();
    let mut begun_at = None;
    let mut is_marked = false;
    for (line, text) in (1..).zip(solution.split_inclusive('\n')) {
        match (text.trim(), begun_at) {
            (BEGIN, None) => (begun_at, is_marked) = (Some(line), true),
            (BEGIN, Some(_)) => return Err(MarkError::Nested { line }),
            (END, Some(_)) => begun_at = None,
            (END, None) => return Err(MarkError::NotBegun { line }),
            (_, Some(_)) => {}
            (_, None) => skeleton += text,
        }
    }
    match begun_at {
        Some(line) => Err(MarkError::NotEnded { line }),
        None if !is_marked => Err(MarkError::NoMarks),
        None if !skeleton.contains("// TODO") => Err(MarkError::NoTask),
        None => Ok(skeleton),
    }
}

#[cfg(test)]
mod tests {
    use super::{MarkError, skeleton};

    #[test]
    fn marked_lines_go_and_all_others_stay() {
        let solution = "\
fn main() {
    // TODO: one
    // <solution>
    one();
    // </solution>

    // TODO: two
        // <solution>
    two();

    three();
        // </solution>
}
";
        let expected = "\
fn main() {
    // TODO: one

    // TODO: two
}
";
        assert_eq!(skeleton(solution), Ok(expected.into()));
    }

    #[test]
    fn marks_must_match() {
        let begin = "// <solution>\n";
        let end = "// </solution>\n";
        let task = "// TODO\n";
        let check = |parts: &[&str]| skeleton(&parts.concat());
        assert_eq!(
            check(&[task, begin, begin, end]),
            Err(MarkError::Nested { line: 3 })
        );
        assert_eq!(check(&[task, end]), Err(MarkError::NotBegun { line: 2 }));
        assert_eq!(check(&[task, begin]), Err(MarkError::NotEnded { line: 2 }));
        assert_eq!(check(&[task]), Err(MarkError::NoMarks));
        assert_eq!(check(&[begin, task, end]), Err(MarkError::NoTask));
        assert_eq!(check(&[]), Err(MarkError::NoMarks));
    }

    #[test]
    fn the_last_line_may_lack_its_end() {
        assert_eq!(
            skeleton("// TODO\n// <solution>\nx\n// </solution>"),
            Ok("// TODO\n".into())
        );
    }
}
