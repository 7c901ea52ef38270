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

use anyhow::{Result, bail};

/// The mark before the first removed line.
const BEGIN: &str = "// <solution>";
/// The mark after the last removed line.
const END: &str = "// </solution>";

/// Makes the skeleton of a solution.
///
/// # Errors
///
/// The marks do not match, or the skeleton would have no task.
pub fn skeleton(solution: &str) -> Result<String> {
    let mut skeleton = String::new();
    let mut begun_at = None;
    for (line, text) in (1..).zip(solution.split_inclusive('\n')) {
        match (text.trim(), begun_at) {
            (BEGIN, None) => begun_at = Some(line),
            (BEGIN, Some(_)) => bail!("line {line}: {BEGIN} inside a part that has not ended"),
            (END, Some(_)) => begun_at = None,
            (END, None) => bail!("line {line}: {END} without {BEGIN}"),
            (_, Some(_)) => {}
            (_, None) => skeleton += text,
        }
    }
    match begun_at {
        Some(line) => bail!("line {line}: {BEGIN} without {END}"),
        None if skeleton == solution => bail!("no line is marked with {BEGIN}"),
        None if !skeleton.contains("// TODO") => bail!("what is left has no '// TODO'"),
        None => Ok(skeleton),
    }
}

#[cfg(test)]
mod tests {
    use super::skeleton;

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
        assert_eq!(skeleton(solution).expect("a skeleton"), expected);
    }

    #[test]
    fn marks_must_match() {
        let begin = "// <solution>\n";
        let end = "// </solution>\n";
        let task = "// TODO\n";
        let problem = |parts: &[&str]| {
            let problem = skeleton(&parts.concat()).map_err(|error| error.to_string());
            problem.expect_err("a mistake in the marks")
        };
        for (parts, expected) in [
            (
                [task, begin, begin, end].as_slice(),
                "line 3: // <solution> inside a part that has not ended",
            ),
            (&[task, end], "line 2: // </solution> without // <solution>"),
            (
                &[task, begin],
                "line 2: // <solution> without // </solution>",
            ),
            (&[task], "no line is marked with // <solution>"),
            (&[begin, task, end], "what is left has no '// TODO'"),
            (&[], "no line is marked with // <solution>"),
        ] {
            assert_eq!(problem(parts), expected);
        }
    }

    #[test]
    fn the_last_line_may_lack_its_end() {
        let skeleton = skeleton("// TODO\n// <solution>\nx\n// </solution>");
        assert_eq!(skeleton.expect("a skeleton"), "// TODO\n");
    }
}
